// What a language has to say of each statement. A text that is missing is an error of the compiler.
import type { AssumptionName, Clause, Statement } from "./clauses.gen";
import { joined, type Text } from "./words";

export type Of<Code extends Statement["code"]> = Extract<Statement, { code: Code }>;
export type Sayings = { [Code in Statement["code"]]: (statement: Of<Code>) => Text };
export type Assumptions = Record<AssumptionName, string>;

export function said(sayings: Sayings, statement: Statement): Text {
  return (sayings[statement.code] as (statement: Statement) => Text)(statement);
}

export const sentence = (sayings: Sayings, clauses: Clause[], between: string, end: string): Text => [
  ...joined(
    clauses.map((clause) => said(sayings, clause)),
    between,
  ),
  end,
];
