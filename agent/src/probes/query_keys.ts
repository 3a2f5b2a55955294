// Which properties a fetch tests and sorts by: the names of keys, never a value. A test of a property reads no getter.
import { ask, askInt } from "../objc/messages.js";
import { findMethod } from "../objc/methods.js";
import { checkedClassOf, className } from "../objc/runtime.js";
import { isAskable, toCount, toText } from "../objc/values.js";
import type { Plain } from "../protocol.js";

const MOST_NODES = 256;
const DEEPEST = 24;
const MOST_KEYS = 16;
/** The names of Photos' own keys. What an app has put in their place may say anything, and is not repeated. */
const KEY = /^[A-Za-z_@][\w.@]{0,47}$/;

const OTHER = "(other)";
const CODE = "(code)"; // a block, or a class of the app's own
const MORE = "(more)";

// Source: NSExpression.h.
const TYPE = { constant: 0, self: 1, variable: 2, keyPath: 3, anyKey: 15, block: 19 } as const;
/** What expressions of other types consist of: each class answers what it has. */
const PARTS = ["operand", "leftExpression", "rightExpression", "trueExpression", "falseExpression"];

/** Return the keys of a PHFetchOptions, as the facts of an event; nothing where it tests and sorts by none. */
export function queryKeys(options: NativePointer): Record<string, Plain> {
  if (options.isNull()) return {};
  if (!isOf(options, "PHFetchOptions")) return { predicate: CODE };
  const [tested, sorted] = [new Keys(), new Keys()];
  tested.predicate(ask(options, "predicate"), 0);
  tested.close();
  for (const one of itemsOf(ask(options, "sortDescriptors"), sorted)) sorted.add(isOf(one, "NSSortDescriptor") ? nameOf(ask(one, "key")) : CODE);
  sorted.close();
  return { ...tested.as("predicate"), ...sorted.as("sort") };
}

const isOf = (object: NativePointer, name: string): boolean => !object.isNull() && isAskable(checkedClassOf(object), name);

function nameOf(key: NativePointer): string {
  if (key.isNull()) return CODE;
  const text = toText(key);
  return text !== null && KEY.test(text) ? text : OTHER;
}

function* itemsOf(array: NativePointer, keys: Keys): Generator<NativePointer> {
  const count = array.isNull() ? 0 : toCount(array);
  if (count === null) return keys.add(CODE);
  for (let i = 0; i !== count && keys.hasRoom(); i++) yield ask(array, "objectAtIndex:", ptr(i));
}

class Keys {
  private readonly names = new Set<string>();
  private left = MOST_NODES;
  private isWhole = true;

  add(name: string): void {
    if (this.names.size < MOST_KEYS) this.names.add(name);
    else if (!this.names.has(name)) this.isWhole = false;
  }

  close(): void {
    if (!this.isWhole) this.names.add(MORE);
  }

  as(name: string): Record<string, string> {
    return this.names.size === 0 ? {} : { [name]: [...this.names].join(",") };
  }

  hasRoom(): boolean {
    if (this.left-- > 0) return true;
    return (this.isWhole = false);
  }

  predicate(predicate: NativePointer, depth: number): void {
    if (predicate.isNull() || !this.mayEnter(depth)) return;
    if (isOf(predicate, "NSCompoundPredicate")) {
      for (const one of itemsOf(ask(predicate, "subpredicates"), this)) this.predicate(one, depth + 1);
    } else if (isOf(predicate, "NSComparisonPredicate")) {
      this.expression(ask(predicate, "leftExpression"), depth + 1);
      this.expression(ask(predicate, "rightExpression"), depth + 1);
    } else if (!isOf(predicate, "NSPredicate") || !/True|False/.test(className(checkedClassOf(predicate)))) this.add(CODE);
  }

  private expression(expression: NativePointer, depth: number): void {
    if (expression.isNull() || !this.mayEnter(depth)) return;
    if (!isOf(expression, "NSExpression")) return this.add(CODE);
    const type = Number(askInt(expression, "expressionType"));
    // GNUstep's has the type of a constant.
    if (type === TYPE.self || /EvaluatedObject/.test(className(checkedClassOf(expression)))) return this.add("SELF");
    if (type === TYPE.constant || type === TYPE.variable) return;
    if (type === TYPE.anyKey || type === TYPE.block) return this.add(CODE);
    if (type === TYPE.keyPath) return this.add(has(expression, "keyPath") ? nameOf(ask(expression, "keyPath")) : OTHER);
    for (const part of PARTS) if (has(expression, part)) this.expression(ask(expression, part), depth + 1);
    if (has(expression, "predicate")) this.predicate(ask(expression, "predicate"), depth + 1);
    for (const list of ["arguments", "collection"]) if (has(expression, list)) this.list(ask(expression, list), depth + 1);
  }

  /** A list of expressions, or one that makes a list. Other things in it are values. */
  private list(list: NativePointer, depth: number): void {
    if (isOf(list, "NSExpression")) return this.expression(list, depth);
    if (!isOf(list, "NSArray")) return;
    for (const one of itemsOf(list, this)) if (isOf(one, "NSExpression")) this.expression(one, depth);
  }

  private mayEnter(depth: number): boolean {
    if (depth > DEEPEST) return (this.isWhole = false);
    return this.hasRoom();
  }
}

/** Return whether an expression's own class answers a question: NSExpression itself throws for what it has not. */
function has(expression: NativePointer, accessor: string): boolean {
  const method = findMethod(checkedClassOf(expression), accessor);
  return method !== null && className(method.owner) !== "NSExpression";
}
