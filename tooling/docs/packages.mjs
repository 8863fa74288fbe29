// A typedoc plug-in: each entry point is called by its package's name and opens with its README, and every property of
// an interface or class must be documented.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Application, Converter, ReflectionKind } from 'typedoc';

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
    if (reflection.kind !== ReflectionKind.Module) return;
    const [file] = context.getSymbolFromReflection(reflection)?.declarations ?? [];
    if (!file) return;
    const folder = dirname(dirname(resolve(file.getSourceFile().fileName)));
    reflection.name = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name;
    const readme = join(folder, 'README.md');
    // The module's name is the page's heading already.
    if (existsSync(readme))
      reflection.readme = [{ kind: 'text', text: readFileSync(readme, 'utf8').replace(/^# .*\n/, '') }];
  });
  app.on(Application.EVENT_VALIDATE_PROJECT, (project) => {
    // A name in brackets is a symbol: a type's private mark.
    for (const property of project.getReflectionsByKind(ReflectionKind.Property))
      if (
        property.parent?.kindOf(ReflectionKind.ClassOrInterface) &&
        isOurs(project, property) &&
        !property.hasComment() &&
        // A name in brackets is a symbol: a type's private mark.
        !property.name.startsWith('[')
      )
        app.logger.validationWarning(`${property.getFriendlyFullName()} is a property without documentation`);
  });
}

/** Whether it is declared in a package of this repository, not inherited from the language's own types. */
function isOurs(project, reflection) {
  const declared = project.getSymbolIdFromReflection(reflection)?.packageName ?? '';
  return declared === 'unrolled' || declared.startsWith('@unrolled/');
}
