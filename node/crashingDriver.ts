import type { DriverOptions } from "./driverOptions.ts";
import type { CrashPoint } from "./storage/crashPoints.ts";

export type Surroundings = Pick<DriverOptions, "application" | "network" | "stores">;

/** The driver's surroundings, with the crash points that lie outside of files. */
export function crashingDriver({ application, network, stores }: Surroundings, crash: CrashPoint): Surroundings {
  const { database } = stores;
  return {
    application: {
      info: () => application.info(),
      validatorsAt: (height) => application.validatorsAt(height),
      checkTransaction: (raw, origin) => application.checkTransaction(raw, origin),
      hasTransactions: (parent) => application.hasTransactions(parent),
      buildTransactions: (parent) => application.buildTransactions(parent),
      verifyProposal: (block) => application.verifyProposal(block),
      execute: (block) => application.execute(block),
      resultOf: (digest) => application.resultOf(digest),
      async commit(digest) {
        crash.reached("block.durable");
        await application.commit(digest);
        crash.reached("block.committed");
      },
      flushed: () => application.flushed(),
      close: () => application.close(),
    },
    network: {
      send: (to, payload) => network.send(to, payload),
      broadcast(payload) {
        network.broadcast(payload);
        crash.reached("message.sent");
      },
      pause: (peer) => network.pause(peer),
      resume: (peer) => network.resume(peer),
      reportFault: (peer, code) => network.reportFault(peer, code),
    },
    stores: {
      ...stores,
      database: {
        numbered: (name) => database.numbered(name),
        keyed: (name) => database.keyed(name),
        texts: (name) => database.texts(name),
        write: (puts) => database.write(puts),
        written: () => database.written(),
        flushed() {
          crash.reached("block.put");
          return database.flushed();
        },
      },
    },
  };
}
