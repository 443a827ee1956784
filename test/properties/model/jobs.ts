// ERC-8183 as the escrow keeps it, for the market's jobs and for those of strangers alike.
import type { JobModel, Model } from "./model.ts";

export function createJob(m: Model, client: string, provider: string, evaluator: string, expiredAt: number): boolean {
  if (expiredAt <= m.now) return false;
  m.jobs.push({
    id: m.jobs.length + 1,
    client,
    provider,
    evaluator,
    expiredAt,
    budget: 0,
    status: "open",
    submittedAt: 0,
  });
  return true;
}

export function setBudget(job: JobModel, by: string, amount: number): boolean {
  if (job.status !== "open" || (by !== job.client && by !== job.provider)) return false;
  job.budget = amount;
  return true;
}

export function fund(m: Model, job: JobModel, by: string, expected: number): boolean {
  if (job.status !== "open" || by !== job.client || job.budget === 0 || job.budget !== expected) return false;
  job.status = "funded";
  m.move(by, m.at.escrow, expected);
  return true;
}

export function submit(m: Model, job: JobModel, by: string): boolean {
  if (job.status !== "funded" || by !== job.provider) return false;
  job.status = "submitted";
  job.submittedAt = m.now;
  return true;
}

export function complete(m: Model, job: JobModel, by: string): boolean {
  if (job.status !== "submitted" || by !== job.evaluator) return false;
  job.status = "completed";
  m.escrowCredits.add(job.provider, job.budget);
  return true;
}

export function reject(m: Model, job: JobModel, by: string): boolean {
  const isLive = job.status === "open" || job.status === "funded" || job.status === "submitted";
  if (!isLive || by !== (job.status === "open" ? job.client : job.evaluator)) return false;
  if (job.status !== "open") m.escrowCredits.add(job.client, job.budget);
  job.status = "rejected";
  return true;
}

export function claimRefund(m: Model, job: JobModel): boolean {
  if ((job.status !== "funded" && job.status !== "submitted") || m.now < job.expiredAt) return false;
  job.status = "expired";
  m.escrowCredits.add(job.client, job.budget);
  return true;
}

export function withdrawFromEscrow(m: Model, account: string): boolean {
  m.move(m.at.escrow, account, m.escrowCredits.take(account));
  return true;
}
