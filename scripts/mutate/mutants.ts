// Every single place where a contract can be broken in one of a few known ways, found in its syntax tree: so that the
// list follows the contracts wherever they move.
import { type AstNode, childrenOf, isNode, rangeOf } from "./syntaxTree.ts";

/** What is broken. Each kind is a mistake that somebody could make and a reviewer overlook. */
export const MUTATION_KINDS = [
  "flip-comparison",
  "drop-check",
  "skip-state-change",
  "skip-call",
  "swap-recipient",
  "swap-logic",
  "swap-arithmetic",
  "drop-modifier",
  "swap-branches",
] as const;
export type MutationKind = (typeof MUTATION_KINDS)[number];

export interface Mutant {
  readonly file: string;
  readonly kind: MutationKind;
  /** Contract and function, for readers. */
  readonly where: string;
  readonly line: number;
  readonly before: string;
  readonly after: string;
  /** Byte offsets in the file of what is replaced. */
  readonly from: number;
  readonly to: number;
}

const COMPARISONS: Readonly<Record<string, string>> = {
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "==": "!=",
  "!=": "==",
};
const LOGIC: Readonly<Record<string, string>> = { "&&": "||", "||": "&&" };
const ARITHMETIC: Readonly<Record<string, string>> = { "+": "-", "-": "+", "*": "/", "/": "*" };
/** Who is meant, and whom a mistake would mean. What does not compile is passed over. */
const RECIPIENTS: Readonly<Record<string, string>> = {
  "msg.sender": "address(this)",
  "assignment.provider": "task.requester",
  "task.requester": "task.evaluator",
  "job.provider": "job.client",
  "job.client": "job.provider",
  "dispute.objector": "msg.sender",
  "seats[i].voter": "dispute.objector",
  account: "msg.sender",
  owner: "msg.sender",
  reporter: "msg.sender",
  bidder: "msg.sender",
};
/** Calls and books in which a recipient is named. */
const MONEY = /^(_credit|_credits|\w*\.?safeTransfer|\w*\.?payReward|_rewards|\w+\.releaseLock|\w+\.safeTransfer)$/;

/** Whether a statement does nothing but revert. */
function reverts(node: unknown): boolean {
  if (!isNode(node)) return false;
  if (node.nodeType === "RevertStatement") return true;
  const statements = node.statements as readonly AstNode[] | undefined;
  return node.nodeType === "Block" && statements?.length === 1 && reverts(statements[0]);
}

/** Finds the mutants of one file. */
export function mutantsOf(file: string, source: Buffer, ast: AstNode): readonly Mutant[] {
  const found: Mutant[] = [];
  const text = (from: number, to: number): string => source.subarray(from, to).toString("utf8");
  const textOf = (node: unknown): string => (isNode(node) ? text(...rangeOf(node)) : "");
  let where = "";

  const add = (kind: MutationKind, from: number, to: number, after: string): void => {
    const line = text(0, from).split("\n").length;
    found.push({ file, kind, where, line, before: text(from, to), after, from, to });
  };

  const swapOperator = (node: AstNode, kind: MutationKind, table: Readonly<Record<string, string>>): void => {
    const operator = String(node.operator);
    const after = table[operator];
    if (after === undefined || !isNode(node.leftExpression) || !isNode(node.rightExpression)) return;
    const gap = rangeOf(node.leftExpression)[1];
    const at = source.indexOf(operator, gap);
    const [from, to] = rangeOf(node);
    if (at < 0 || at >= rangeOf(node.rightExpression)[0]) return;
    add(kind, from, to, `${text(from, at)}${after}${text(at + operator.length, to)}`);
  };

  const swapRecipients = (node: AstNode, names: readonly AstNode[]): void => {
    for (const name of names) {
      const after = RECIPIENTS[textOf(name)];
      const [from, to] = rangeOf(node);
      const [start, end] = rangeOf(name);
      if (after !== undefined) add("swap-recipient", from, to, `${text(from, start)}${after}${text(end, to)}`);
    }
  };

  const visitors: Readonly<Record<string, (node: AstNode) => void>> = {
    BinaryOperation: (node) => {
      swapOperator(node, "flip-comparison", COMPARISONS);
      swapOperator(node, "swap-logic", LOGIC);
      swapOperator(node, "swap-arithmetic", ARITHMETIC);
    },
    IfStatement: (node) => {
      if (!reverts(node.trueBody) || isNode(node.falseBody)) return;
      // The range of a statement ends before its semicolon, but after its brace.
      add("drop-check", ...rangeOf(node), textOf(node).endsWith("}") ? "{}" : "true");
    },
    ExpressionStatement: (node) => {
      const expression = node.expression as AstNode;
      const [from, to] = rangeOf(node);
      if (expression.nodeType === "FunctionCall") add("skip-call", from, to, "true");
      const counts = expression.nodeType === "UnaryOperation";
      if (counts || expression.nodeType === "Assignment") add("skip-state-change", from, to, "true");
    },
    FunctionCall: (node) => {
      if (MONEY.test(textOf(node.expression))) swapRecipients(node, node.arguments as readonly AstNode[]);
    },
    IndexAccess: (node) => {
      if (MONEY.test(textOf(node.baseExpression)) && isNode(node.indexExpression)) {
        swapRecipients(node, [node.indexExpression]);
      }
    },
    Conditional: (node) => {
      const [from, to] = rangeOf(node);
      const swapped = `${textOf(node.condition)} ? ${textOf(node.falseExpression)} : ${textOf(node.trueExpression)}`;
      add("swap-branches", from, to, swapped);
    },
    FunctionDefinition: (node) => {
      if (node.kind !== "function") return;
      for (const modifier of node.modifiers as readonly AstNode[]) add("drop-modifier", ...rangeOf(modifier), "");
    },
  };

  const visit = (node: AstNode): void => {
    if (node.nodeType === "ContractDefinition") where = String(node.name);
    const before = where;
    const isFunction = node.nodeType === "FunctionDefinition" || node.nodeType === "ModifierDefinition";
    if (isFunction) where = `${where}.${String(node.name) || String(node.kind)}`;
    visitors[node.nodeType]?.(node);
    for (const child of childrenOf(node)) visit(child);
    if (isFunction) where = before;
  };
  visit(ast);
  return found;
}
