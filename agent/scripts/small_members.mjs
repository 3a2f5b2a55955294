// Make the agent's script small: short names for members of our own classes and interfaces, and constants in the place of their names.
//
// A name is short everywhere or nowhere, so an object that is seen through two types keeps its members. TypeScript's checker says of
// each place where a name is used what it names; a name is kept where any of these places is in doubt:
// - it is declared elsewhere too (Frida, JavaScript), or the checker does not know what it names;
// - it is a key of an object that is not known to be ours: what goes to the host, to C, to Frida, or has any keys;
// - it is what JSON, a message, or a function for the host or for another script has, or a part of it; or what a loop over keys reads;
// - it is of a type that something unknown is said to have: that comes from outside;
// - JavaScript or Frida looks for it in objects of ours;
// - it is a text somewhere, or a key in quotes.
import { join } from "node:path";
import ts from "typescript";

/** What goes to the host and comes from it is declared here. */
const WIRE = /\/protocol\.ts$/;

/** Return the program of some sources. `texts`: by path, what is read in the place of files. Throws where it has errors: then nothing can be said of names. */
export function programOf(folder, texts) {
  const path = join(folder, "tsconfig.json");
  const { config } = ts.readConfigFile(path, ts.sys.readFile);
  // What was written in the place of a constant leaves an import without use.
  const options = { ...ts.parseJsonConfigFileContent(config, ts.sys, folder, undefined, path).options, noUnusedLocals: false };
  const host = ts.createCompilerHost(options, true);
  const { readFile } = host;
  host.readFile = (path) => texts.get(path) ?? readFile(path);
  const program = ts.createProgram([...texts.keys()], options, host);
  const [problem] = ts.getPreEmitDiagnostics(program);
  if (problem !== undefined) throw new Error(`${problem.file?.fileName}: ${ts.flattenDiagnosticMessageText(problem.messageText, " ")}`);
  return program;
}

/** JavaScript looks for these by itself. */
const IMPLICIT = ["toString", "valueOf", "toJSON", "then", "next", "return", "throw", "message", "name", "stack", "cause", "length"];
/** Frida's types for objects that it is given. */
const GIVEN = /(Callbacks|Options)$/;

const isMember = (node) =>
  ts.isPropertyDeclaration(node) || ts.isMethodDeclaration(node) || ts.isAccessor(node) || ts.isPropertySignature(node) || ts.isMethodSignature(node);
const isKey = (node) => ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node);
const isConstTable = (literal) => ts.isAsExpression(literal.parent) && ts.isConstTypeReference(literal.parent.type);

/** What is known of one name: where it is used, and why it is kept. */
class Name {
  places = [];
  reason = null;

  keep(reason) {
    this.reason ??= reason;
  }
}

class Members {
  names = new Map();

  constructor(program, isOurs) {
    this.program = program;
    this.isOurs = isOurs;
    this.checker = program.getTypeChecker();
    this.sources = program.getSourceFiles().filter((source) => isOurs(source));
    for (const name of IMPLICIT) this.name(name).keep("JavaScript looks for it");
    for (const source of program.getSourceFiles()) if (!isOurs(source)) this.given(source);
    for (const source of this.sources) this.visit(source);
  }

  /** What Frida looks for in objects that it is given. */
  given(node) {
    if (ts.isInterfaceDeclaration(node) && GIVEN.test(node.name.text)) for (const one of node.members) if (one.name !== undefined) this.name(one.name.getText()).keep("Frida looks for it");
    ts.forEachChild(node, (child) => this.given(child));
  }

  name(text) {
    let name = this.names.get(text);
    if (name === undefined) this.names.set(text, (name = new Name()));
    return name;
  }

  /** A place where a member is used; `symbol`: what the checker says it is. */
  use(node, symbol, put = (short) => short) {
    const name = this.name(node.text);
    name.places.push({ node, put });
    const declarations = symbol?.declarations ?? [];
    if (declarations.length === 0) return name.keep("the checker does not know it");
    for (const one of declarations) {
      const source = one.getSourceFile();
      if (!this.isOurs(source)) name.keep("not ours");
      else if (WIRE.test(source.fileName)) name.keep("of a message");
    }
  }

  visit(node) {
    if (ts.isStringLiteralLike(node)) this.name(node.text).keep("a text");
    else if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression)) this.name(node.argumentExpression.text).keep("in quotes");
    else if (ts.isPropertyAccessExpression(node)) this.use(node.name, this.checker.getSymbolAtLocation(node.name));
    else if (isMember(node)) ts.isIdentifier(node.name) ? this.use(node.name, this.checker.getSymbolAtLocation(node.name)) : this.doubt(node.name);
    else if (isKey(node)) this.key(node);
    else if (ts.isBindingElement(node) && ts.isObjectBindingPattern(node.parent)) this.taken(node);
    else if (ts.isParameter(node) && ts.isParameterPropertyDeclaration(node, node.parent)) this.parameter(node);
    else if (ts.isCallExpression(node)) this.sent(node);
    else if (ts.isTypeOperatorNode(node) && node.operator === ts.SyntaxKind.KeyOfKeyword) this.exported(this.checker.getTypeFromTypeNode(node.type));
    else if (ts.isAsExpression(node)) this.asserted(node);
    else if (ts.isHeritageClause(node)) for (const type of node.types) this.inherited(type);
    else if (ts.isForInStatement(node)) this.keepAll(this.checker.getTypeAtLocation(node.expression), "a loop over keys");
    else if (ts.isBinaryExpression(node) && node.left.getText() === "rpc.exports") this.exported(this.checker.getTypeAtLocation(node.right));
    ts.forEachChild(node, (child) => this.visit(child));
  }

  doubt(name) {
    if (ts.isStringLiteralLike(name)) this.name(name.text).keep("in quotes");
  }

  /** A key of an object: its name is ours where the object is a table of constants, or is meant for a type of ours. */
  key(node) {
    if (!ts.isIdentifier(node.name)) return this.doubt(node.name);
    const put = ts.isShorthandPropertyAssignment(node) ? (short) => `${short}: ${node.name.text}` : undefined;
    if (isConstTable(node.parent)) return this.use(node.name, this.checker.getSymbolAtLocation(node.name), put);
    const type = this.checker.getContextualType(node.parent);
    const symbol = type === undefined ? undefined : this.checker.getPropertyOfType(this.checker.getNonNullableType(type), node.name.text);
    this.use(node.name, symbol, put);
  }

  /** A member that is taken out of an object: const { member } = object. */
  taken(node) {
    if (node.dotDotDotToken !== undefined) return;
    const name = node.propertyName ?? node.name;
    if (!ts.isIdentifier(name)) return this.doubt(name);
    const symbol = this.checker.getPropertyOfType(this.checker.getTypeAtLocation(node.parent), name.text);
    this.use(name, symbol, node.propertyName === undefined ? (short) => `${short}: ${name.text}` : undefined);
  }

  /** A parameter that is a member too: the constructor's own uses of it are renamed with it. */
  parameter(node) {
    const [parameter] = this.checker.getSymbolsOfParameterPropertyDeclaration(node, node.name.text);
    this.use(node.name, this.checker.getSymbolAtLocation(node.name));
    const visit = (inner) => {
      if (ts.isIdentifier(inner) && inner !== node.name && inner.text === node.name.text) {
        if (ts.isShorthandPropertyAssignment(inner.parent)) {
          if (this.checker.getShorthandAssignmentValueSymbol(inner.parent) === parameter) this.name(inner.text).keep("a parameter that is a key");
        } else if (this.checker.getSymbolAtLocation(inner) === parameter) this.name(inner.text).places.push({ node: inner, put: (short) => short });
      }
      ts.forEachChild(inner, visit);
    };
    visit(node.parent);
  }

  /** What is made JSON or sent keeps the names of all that is in it. */
  sent(node) {
    const called = node.expression.getText();
    if (!/^(JSON\.stringify|send|Object\.(entries|keys|fromEntries|assign))$/.test(called)) return;
    for (const argument of node.arguments) this.keepAll(this.checker.getTypeAtLocation(argument), `what ${called} takes`);
  }

  /** What comes from outside is said to have a type. */
  asserted(node) {
    const { flags } = this.checker.getTypeAtLocation(node.expression);
    if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) this.keepAll(this.checker.getTypeFromTypeNode(node.type), "what comes from outside");
  }

  /** What a class has because of a type that is not ours. */
  inherited(node) {
    for (const symbol of this.checker.getTypeAtLocation(node).getProperties()) {
      if (symbol.declarations?.some((one) => !this.isOurs(one.getSourceFile()))) this.name(symbol.name).keep("inherited");
    }
  }

  /** What functions for others take and return. */
  exported(functions) {
    for (const symbol of functions.getProperties()) {
      this.name(symbol.name).keep("for others");
      for (const signature of this.checker.getTypeOfSymbol(symbol).getCallSignatures()) {
        const types = [signature.getReturnType(), ...signature.parameters.map((one) => this.checker.getTypeOfSymbol(one))];
        for (const type of types) this.keepAll(this.checker.getAwaitedType(type) ?? type, "what others call");
      }
    }
  }

  keepAll(type, reason, seen = new Set()) {
    if (seen.has(type)) return;
    seen.add(type);
    if (type.isUnionOrIntersection()) for (const one of type.types) this.keepAll(one, reason, seen);
    if (this.checker.isArrayType(type) || this.checker.isTupleType(type)) {
      for (const one of this.checker.getTypeArguments(type)) this.keepAll(one, reason, seen);
      return;
    }
    for (const symbol of type.getProperties()) {
      if (!symbol.declarations?.some((one) => this.isOurs(one.getSourceFile()))) continue;
      this.name(symbol.name).keep(`in ${reason}`);
      this.keepAll(this.checker.getTypeOfSymbol(symbol), reason, seen);
    }
  }
}

function* shortNames() {
  const letters = [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  yield* letters;
  for (const one of letters) for (const other of letters) yield one + other;
}

/** Return the short name of each member that has one, the most frequent first, and why the others have none. */
export function namesOfMembers(members) {
  const taken = new Set(members.names.keys());
  const free = shortNames();
  const names = new Map();
  const gain = ([text, { places }]) => places.length * (text.length - 1);
  const open = [...members.names].filter(([text, { reason, places }]) => reason === null && text.length > 2 && places.length > 0);
  for (const [text] of open.sort((a, b) => gain(b) - gain(a) || (a[0] < b[0] ? -1 : 1))) {
    let short;
    do short = free.next().value;
    while (taken.has(short));
    names.set(text, short);
  }
  return names;
}

/** Return the places where a number of a table of constants is read, and the number. */
function constantsIn(checker, source) {
  const found = [];
  const visit = (node) => {
    if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
      const type = checker.getTypeAtLocation(node);
      let table = checker.getSymbolAtLocation(node.expression);
      if (table !== undefined && table.flags & ts.SymbolFlags.Alias) table = checker.getAliasedSymbol(table);
      const declared = table?.valueDeclaration;
      const constant = declared !== undefined && ts.isVariableDeclaration(declared) && declared.initializer !== undefined && ts.isAsExpression(declared.initializer);
      if (constant && type.isNumberLiteral() && ts.isConstTypeReference(declared.initializer.type)) found.push({ start: node.getStart(), end: node.end, text: String(type.value) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Return the edits that give members their short names, and write numbers in the place of constants, by file. */
export function editsOfMembers(members, names) {
  const edits = new Map(members.sources.map((source) => [source.fileName, constantsIn(members.checker, source)]));
  const written = new Map([...edits].map(([file, all]) => [file, new Set(all.map(({ end }) => end))]));
  for (const [text, short] of names) {
    for (const { node, put } of members.names.get(text).places) {
      const { fileName } = node.getSourceFile();
      if (!written.get(fileName).has(node.end)) edits.get(fileName).push({ start: node.getStart(), end: node.end, text: put(short) });
    }
  }
  return edits;
}

/** Return the members of a program; `isOurs`: whether a source is ours. */
export function membersOf(program, isOurs) {
  return new Members(program, isOurs);
}
