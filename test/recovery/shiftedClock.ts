// Loaded into a validator's process before everything else: at SIGUSR2 its wall clock jumps by SHIFT_CLOCK_MS.
const now = Date.now.bind(Date);
let shiftMs = 0;
Date.now = () => now() + shiftMs;
process.on("SIGUSR2", () => {
  shiftMs = Number(process.env.SHIFT_CLOCK_MS);
});
