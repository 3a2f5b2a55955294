// Some entries of one app counted by what set them off, and whether the claim holds for them. The same rules as in the host's
// comparator/explain/claims.py, which prints them in a terminal.
import type { Facts } from "./data";
import { known, partOf, triggerOf, type Part, type Trigger } from "./trigger";

export type Tally = {
  /** Without those of the picker, which a person chose. */
  entries: number;
  parts: Record<Part, number>;
  /** What contradicts the claim, by kind and certainty. */
  else: { trigger: Trigger; count: number }[];
  /** Sure is what the report's identifier and a link show: which act it was, and what set it off. */
  surelyFits: number;
  surelyElse: number;
  /** Of what contradicts the claim, how many only because nothing was seen to set them off, where not all was watched. */
  maybeMissed: number;
  /** Of those that fit or only opened, under how many the app also read for another or an unknown reason. */
  readOtherwise: number;
  /** Whether triggers by time prove nothing here. */
  byChance: boolean;
};

export function tally(facts: Facts, app: number, entries: number[]): Tally {
  const { words } = facts;
  const found: Tally = { entries: 0, parts: { link: 0, time: 0, else: 0, undecided: 0, opens: 0, picker: 0 }, else: [], surelyFits: 0, surelyElse: 0, maybeMissed: 0, readOtherwise: 0, byChance: facts.apps[app].trigger_chance !== null };
  const others = new Map<string, { trigger: Trigger; count: number }>();
  for (const entry of entries) {
    const part = partOf(facts, entry);
    found.parts[part] += 1;
    if (part !== "picker") found.entries += 1;
    const trigger = known(facts, app, triggerOf(facts, entry));
    const sure = trigger.by === "link" && words.matches[facts.entries.match[entry]] === "identifier";
    if (sure && (part === "link" || part === "else")) found[part === "link" ? "surelyFits" : "surelyElse"] += 1;
    if (facts.entries.otherwise[entry] && (trigger.kind === "change" || part === "opens") && part !== "picker") found.readOtherwise += 1;
    if (part !== "else") continue;
    if (trigger.kind === "none" && facts.entries.briefs[facts.entries.brief[entry]].trigger_by === "unwatched") found.maybeMissed += 1;
    const key = `${trigger.kind}:${trigger.by}`;
    others.set(key, { trigger, count: (others.get(key)?.count ?? 0) + 1 });
  }
  const rank = ({ kind, by }: Trigger) => words.triggers.indexOf(kind!) * 2 + Number(by !== "link");
  found.else = [...others.values()].sort((a, b) => rank(a.trigger) - rank(b.trigger));
  return found;
}

export type Answer = "untested" | "no" | "unexplained" | "doubt" | "open" | "missed" | "chance" | "otherwise" | "unlinked" | "opens" | "likely" | "holds" | "holds-but-opens";

/** Return whether the claim holds for entries in the background, and for how many of them that is so; `unlinked` counts reads under no entry. */
export function answerOf({ entries, parts, else: others, surelyFits, surelyElse, maybeMissed, readOtherwise, byChance }: Tally, unlinkedReads: number): [Answer, number] {
  if (!entries) return ["untested", 0];
  const countOf = (holds: (trigger: Trigger) => boolean) => others.reduce((sum, { trigger, count }) => sum + (holds(trigger) ? count : 0), 0);
  const chance = countOf(({ by }) => by === "chance");
  // Work that was handed on in a way that is not followed has no link, so that this is what was seen, and no proof.
  const unexplained = countOf(({ kind }) => kind === "none") - maybeMissed;
  const likelyElse = parts.else - surelyElse - unexplained - chance - maybeMissed;
  const maybeChance = chance + (byChance ? parts.time : 0);
  const fits = parts.link + parts.time;
  if (surelyElse) return ["no", surelyElse];
  if (unexplained) return ["unexplained", unexplained];
  if (likelyElse) return ["doubt", likelyElse];
  if (parts.undecided) return ["open", parts.undecided];
  if (maybeMissed) return ["missed", maybeMissed];
  if (maybeChance) return ["chance", maybeChance];
  if (readOtherwise) return ["otherwise", readOtherwise];
  if (unlinkedReads) return ["unlinked", unlinkedReads];
  if (!fits) return ["opens", 0];
  if (fits > surelyFits) return ["likely", fits - surelyFits];
  return parts.opens ? ["holds-but-opens", fits] : ["holds", 0];
}
