// The actions on validators' seats, which `allotActions` binds to a client with all others.
import { depositValidatorStake } from "../actions/validators/depositValidatorStake.ts";
import { evictValidator } from "../actions/validators/evictValidator.ts";
import { exitValidatorSet } from "../actions/validators/exitValidatorSet.ts";
import { getEpochs } from "../actions/validators/getEpochs.ts";
import { getValidatorSeat } from "../actions/validators/getValidatorSeat.ts";
import { getValidatorSeats } from "../actions/validators/getValidatorSeats.ts";
import { joinValidatorSet } from "../actions/validators/joinValidatorSet.ts";
import { proposeValidator } from "../actions/validators/proposeValidator.ts";
import { proposeValidatorRemoval } from "../actions/validators/proposeValidatorRemoval.ts";
import { requestValidatorUnbonding } from "../actions/validators/requestValidatorUnbonding.ts";
import { rotateValidatorKey } from "../actions/validators/rotateValidatorKey.ts";
import { setValidatorAddresses } from "../actions/validators/setValidatorAddresses.ts";
import { withdrawValidatorStake } from "../actions/validators/withdrawValidatorStake.ts";

export const validatorActions = {
  depositValidatorStake,
  evictValidator,
  exitValidatorSet,
  getEpochs,
  getValidatorSeat,
  getValidatorSeats,
  joinValidatorSet,
  proposeValidator,
  proposeValidatorRemoval,
  requestValidatorUnbonding,
  rotateValidatorKey,
  setValidatorAddresses,
  withdrawValidatorStake,
} as const;
