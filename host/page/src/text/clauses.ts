// The text of each statement in a language. The compiler reports a missing text.
import type { AssumptionName, Clause, Statement } from "./clauses.gen";
import { joined, type Text } from "./words";

export type Of<Code extends Statement["code"]> = Extract<Statement, { code: Code }>;
export type StatementTexts = { [Code in Statement["code"]]: (statement: Of<Code>) => Text };
export type Assumptions = Record<AssumptionName, string>;

export function statementText(texts: StatementTexts, statement: Statement): Text {
  return (texts[statement.code] as (statement: Statement) => Text)(statement);
}

export const sentence = (texts: StatementTexts, clauses: Clause[], between: string, end: string): Text => [
  ...joined(
    clauses.map((clause) => statementText(texts, clause)),
    between,
  ),
  end,
];
