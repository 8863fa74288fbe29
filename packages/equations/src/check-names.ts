// Checks what a module's names stand for, where they are read, and with which indices.
import type { EquationModule } from '@unrolled/core';
import { nearest } from '@unrolled/core';
import { type AnalysedModule, isPrevious, learnedParameterOf, type Meaning, meaningOf, type Name } from './analysed.ts';
import { namesIn } from './expressions.ts';
import { written } from './indices.ts';
import { mistake } from './mistake.ts';
import type { Span, Statement } from './syntax/ast.ts';
import type { EquationError } from './syntax/error.ts';

/** Checks the lines in order. @throws EquationError `EQUATION_NAME` or `EQUATION_INDEX` */
export function checkReads(analysed: AnalysedModule): void {
  const assigned = new Set<string>();
  for (const statement of analysed.tree.statements) {
    checkAssignable(analysed, statement, assigned);
    for (const name of namesIn(statement.value)) checkRead(analysed, statement, name, assigned);
    assigned.add(statement.name);
  }
}

/** Checks what the module lists beside its text. @throws EquationError `EQUATION_NAME` */
export function checkModule(analysed: AnalysedModule): void {
  const { module, statements, states, inputs, constants } = analysed;
  const refuse = (found: string, expected: string): never => {
    throw mistake('EQUATION_NAME', module, endOf(module), { found, expected });
  };
  const used = new Set(analysed.tree.statements.flatMap(({ value }) => namesIn(value).map(({ name }) => name)));
  const learned = new Set(states.map((state) => learnedParameterOf(analysed, state)));
  for (const name of Object.keys(module.parameters)) {
    const taken = inputs.has(name) ? 'an input' : constants.has(name) ? 'an option or size' : undefined;
    if (taken ?? name === 't')
      refuse(`parameter "${name}" of ${module.name}, the name of ${taken ?? 'the step number'}`, 'a name of its own');
    if (!used.has(name) && !learned.has(name))
      refuse(`no use of parameter "${name}" of ${module.name}`, 'every listed parameter in the equations');
  }
  for (const name of Object.keys(module.initial)) {
    if (!states.includes(name))
      refuse(
        `an initial value of "${name}", which is not a state of ${module.name}${suggestion(name, states)}`,
        'a value that is read at the step before',
      );
  }
  for (const name of [module.output, ...Object.keys(module.shapes)]) {
    const what = name === module.output ? 'the output' : 'the declared shape of';
    if (!statements.has(name))
      refuse(
        `no equation for ${what} "${name}" of ${module.name}${suggestion(name, statements.keys())}`,
        'an equation that assigns it',
      );
  }
}

/** A loss or an optimizer lists no parameters. @param what - for the message: `a loss`. @throws EquationError `EQUATION_NAME` */
export function checkNothingLearned(module: EquationModule, what: string): void {
  const [parameter] = Object.keys(module.parameters);
  if (parameter === undefined) return;
  throw mistake('EQUATION_NAME', module, endOf(module), {
    found: `parameter "${parameter}" of ${what}`,
    expected: `no parameters: ${what} has nothing to learn`,
  });
}

/** The end of the text, where what is missing is reported. */
export function endOf({ equations: { length } }: EquationModule): Span {
  return { start: length, end: length };
}

function checkAssignable(analysed: AnalysedModule, { name, target }: Statement, assigned: ReadonlySet<string>): void {
  const { module, inputs, constants } = analysed;
  const reasons = [
    [assigned.has(name), 'is assigned twice'],
    [inputs.has(name), 'is an input'],
    [Object.hasOwn(module.parameters, name), 'is a parameter'],
    [constants.has(name), 'is an option or size'],
    [name === 't', 'is the step number'],
  ] as const;
  const reason = reasons.find(([taken]) => taken)?.[1];
  if (reason !== undefined)
    throw mistake('EQUATION_NAME', module, target, {
      found: `"${name}", which ${reason}`,
      expected: 'a new name on the left-hand side',
    });
}

function checkRead(analysed: AnalysedModule, statement: Statement, name: Name, assigned: ReadonlySet<string>): void {
  const meaning = meaningOf(analysed, name.name);
  if (meaning === undefined) throw unknownName(analysed, name);
  if (isPrevious(name)) checkPrevious(analysed, name, meaning);
  else if (meaning === 'value') checkValue(analysed, statement, name, assigned);
  else if (meaning !== 'input' && name.indices.length > 0)
    throw mistake('EQUATION_INDEX', analysed.module, name.span, {
      found: `"${written(name)}", an index of ${article(meaning)}`,
      expected: `"${name.name}"`,
    });
}

/** `h[t-1]` reads a state: a value with one index, by the index that counts the steps. */
function checkPrevious({ module, statements, mainIndex }: AnalysedModule, name: Name, meaning: Meaning): void {
  const { name: state, indices, span } = name;
  if (mainIndex === undefined)
    throw mistake('EQUATION_INDEX', module, span, {
      found: `"${written(name)}", the previous step of what has no steps`,
      expected: 'values of the source alone: these are the first values of states',
    });
  const assignment = statements.get(state);
  if (assignment?.indices.length !== 1)
    throw mistake('EQUATION_NAME', module, span, {
      found: `the previous step of "${state}", ${assignment ? 'which is not assigned at [t]' : `which is ${article(meaning)}`}`,
      expected: `a state of ${module.name}: a value assigned at [t]${meaning === 'input' ? ` (to reach back to an input, assign it to a state first: p[t] = ${state}[t], then read p[t-1])` : ''}`,
    });
  if (indices.length !== 1 || indices[0]?.name !== mainIndex)
    throw mistake('EQUATION_INDEX', module, span, {
      found: `"${written(name)}"`,
      expected: `"${state}[${mainIndex}-1]", by the index that counts the steps`,
    });
}

/** A value is read after its line, with the indices that it has, in their order. */
function checkValue(
  { module, statements, axes, mainIndex }: AnalysedModule,
  statement: Statement,
  name: Name,
  assigned: ReadonlySet<string>,
): void {
  const assignment = statements.get(name.name) as Statement;
  if (!assigned.has(name.name))
    throw mistake('EQUATION_NAME', module, name.span, {
      found: `"${written(name)}" before the line that assigns it`,
      expected: `lines in order${mainIndex === undefined ? '' : `, or "${name.name}[${mainIndex}-1]" for the previous step`}`,
    });
  const axesAt = (where: Statement, indices: readonly { readonly name: string }[]) =>
    indices.map((index) => axes.get(where.name)?.get(index.name)).join();
  const same = axesAt(statement, name.indices) === axesAt(assignment, assignment.indices);
  const fits = name.indices.length < 2 ? name.indices.length === assignment.indices.length : same;
  if (!fits)
    throw mistake('EQUATION_INDEX', module, name.span, {
      found: `"${written(name)}"`,
      expected: `"${written(assignment)}", as it is assigned`,
    });
}

function unknownName(analysed: AnalysedModule, { name, span }: Name): EquationError {
  const { module, statements, inputs, constants } = analysed;
  const known = [...statements.keys(), ...inputs, ...Object.keys(module.parameters), ...constants.keys()];
  return mistake('EQUATION_NAME', module, span, {
    found: `"${name}", which is not a value, input, parameter, option or size${suggestion(name, known)}`,
    expected: 'a known name; a parameter must be listed in `parameters`',
  });
}

function suggestion(name: string, known: Iterable<string>): string {
  const close = nearest(name, known);
  return close === undefined ? '' : ` (did you mean "${close}"?)`;
}

function article(meaning: Meaning): string {
  return meaning === 'input' ? 'an input' : meaning === 'constant' ? 'an option or size' : `a ${meaning}`;
}
