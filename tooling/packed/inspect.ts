// Looks at a packed package with publint (strict) and attw (ESM only).
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { problemAffectsResolutionKind } from '@arethetypeswrong/core/problems';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

/** What both tools find wrong with a tarball, a sentence each. */
export async function inspect(tarball: Buffer): Promise<string[]> {
  return [...(await lint(tarball)), ...(await resolve(tarball))];
}

/** publint's messages, suggestions included. */
async function lint(tarball: Buffer): Promise<string[]> {
  const data = tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.byteLength) as ArrayBuffer;
  const { messages, pkg } = await publint({ pack: { tarball: data }, strict: true });
  return messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`);
}

/** What attw says of the two ways that an ESM-only package is resolved. */
async function resolve(tarball: Buffer): Promise<string[]> {
  const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)));
  if (!analysis.types) return ['attw: the package has no types'];
  return analysis.problems
    .filter((problem) =>
      (['node16-esm', 'bundler'] as const).some((kind) => problemAffectsResolutionKind(problem, kind, analysis)),
    )
    .map((problem) => `attw: ${JSON.stringify(problem)}`);
}
