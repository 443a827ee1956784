// Conditions of the contracts, and sources in which every one of them tells how it came out. A condition is what an `if`,
// a `?:`, a loop, `&&`, `||` or `require` turns on; a compound one counts by its parts, each of which must come out true
// and false: since evaluation stops where the outcome is certain, every part decides whenever it is asked.
import { type AstNode, childrenOf, isNode, rangeOf } from "../mutate/syntaxTree.ts";

export interface Condition {
  readonly file: string;
  readonly line: number;
  /** Contract and function, for readers. */
  readonly where: string;
  readonly text: string;
}

/** Name of the library that the instrumented contracts call. */
export const OUTCOMES = "ConditionOutcomes";
/** Lines of the library before the first condition's function, and lines of each: see `outcomesSource`. */
const HEAD_LINES = 3;
const FUNCTION_LINES = 6;

export interface Instrumented {
  readonly source: Buffer;
  readonly conditions: readonly Condition[];
}

interface Place {
  readonly from: number;
  readonly to: number;
  readonly where: string;
}

/** Nodes whose field is a condition. */
const DECIDED_BY: Readonly<Record<string, string>> = {
  IfStatement: "condition",
  Conditional: "condition",
  ForStatement: "condition",
  WhileStatement: "condition",
  DoWhileStatement: "condition",
};
const isLogic = ({ nodeType, operator }: AstNode): boolean =>
  nodeType === "BinaryOperation" && (operator === "&&" || operator === "||");

/** What is in the parentheses; the node itself when there are none. */
function bare(node: AstNode): AstNode {
  const components = node.components as readonly unknown[] | undefined;
  const [inner] = node.nodeType === "TupleExpression" && components?.length === 1 ? components : [];
  return isNode(inner) ? bare(inner) : node;
}

/** The parts of a compound condition, in the order in which they are asked. */
function partsOf(node: AstNode): readonly AstNode[] {
  const inner = bare(node);
  if (!isLogic(inner)) return [inner];
  return [inner.leftExpression, inner.rightExpression].filter(isNode).flatMap(partsOf);
}

function placesOf(ast: AstNode): readonly Place[] {
  const found = new Map<number, Place>();
  const note = (node: unknown, where: string): void => {
    for (const part of isNode(node) ? partsOf(node) : []) {
      const [from, to] = rangeOf(part);
      found.set(from, { from, to, where });
    }
  };
  const visit = (node: AstNode, where: string): void => {
    // Nothing that is computed by the compiler can be asked.
    if (node.nodeType === "VariableDeclaration" && node.constant === true) return;
    const isNamed = /^(Contract|Function|Modifier)Definition$/.test(node.nodeType);
    const name = isNamed ? String(node.name) || String(node.kind) : "";
    const here = [where, name].filter((part) => part !== "").join(".");
    const field = DECIDED_BY[node.nodeType];
    if (field !== undefined) note(node[field], here);
    if (isLogic(node)) note(node, here);
    const { name: called } = (node.expression ?? {}) as { name?: unknown };
    if (node.nodeType === "FunctionCall" && (called === "require" || called === "assert")) {
      note((node.arguments as readonly unknown[])[0], here);
    }
    for (const child of childrenOf(node)) visit(child, here);
  };
  visit(ast, "");
  return [...found.values()].sort((a, b) => a.from - b.from || b.to - a.to);
}

/**
 * Passes every condition of a file through a function of its own. Lines stay what they are.
 * @param first Number of the file's first condition among all.
 */
export function instrument(file: string, source: Buffer, ast: AstNode, first: number): Instrumented {
  const text = (from: number, to: number): string => source.subarray(from, to).toString("utf8");
  const places = placesOf(ast);
  const conditions = places.map(({ from, to, where }) => ({
    file,
    line: text(0, from).split("\n").length,
    where,
    text: text(from, to).replaceAll(/\s+/g, " "),
  }));
  if (places.length === 0) return { source, conditions };
  const opened = places.map(({ from }, i) => ({ at: from, rank: 1 + i, text: `${OUTCOMES}.at${first + i}(` }));
  // Of two that end in one place, the inner one begins later.
  const closed = places.map(({ from, to }) => ({ at: to, rank: -from, text: ")" }));
  const edits = [...opened, ...closed].sort((a, b) => a.at - b.at || a.rank - b.rank);
  let made = "";
  let end = 0;
  for (const edit of edits) {
    made += text(end, edit.at) + edit.text;
    end = edit.at;
  }
  const up = "../".repeat(file.split("/").length - 2) || "./";
  made += `${text(end, source.length)}import {${OUTCOMES}} from "${up}${OUTCOMES}.sol";\n`;
  return { source: Buffer.from(made), conditions };
}

/** A function per condition, with a line for either outcome. */
export function outcomesSource(count: number): string {
  const functions = Array.from({ length: count }, (_, i) =>
    [
      `    function at${i}(bool outcome) internal pure returns (bool) {`,
      "        if (outcome) {",
      "            return true;",
      "        }",
      "        return false;",
      "    }",
    ].join("\n"),
  );
  const head = ["// SPDX-License-Identifier: Apache-2.0", "pragma solidity 0.8.37;", `library ${OUTCOMES} {`];
  return [...head, ...functions, "}", ""].join("\n");
}

/** Lines of `outcomesSource` that are reached when a condition comes out true, and false. */
export function linesOf(index: number): readonly [whenTrue: number, whenFalse: number] {
  const start = HEAD_LINES + index * FUNCTION_LINES;
  return [start + 3, start + 5];
}
