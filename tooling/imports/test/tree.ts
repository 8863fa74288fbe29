// Small workspaces in a temporary folder, to try the check on.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A package: its name, what it depends on, and its files. */
export interface Member {
  readonly name: string;
  readonly dependencies?: readonly string[];
  readonly devDependencies?: readonly string[];
  readonly files: Readonly<Record<string, string>>;
}

/** Writes packages by folder, and a root whose tests share vitest. @returns the root folder. */
export function tree(members: Readonly<Record<string, Member>>): string {
  const base = mkdtempSync(join(tmpdir(), 'unrolled-imports-'));
  write(join(base, 'package.json'), JSON.stringify({ name: 'root', private: true, devDependencies: { vitest: '*' } }));
  for (const [folder, member] of Object.entries(members)) {
    const manifest = {
      name: member.name,
      version: '1.0.0',
      private: folder.startsWith('apps/'),
      exports: { '.': './src/index.ts', './node': './src/node.ts' },
      dependencies: versions(member.dependencies),
      devDependencies: versions(member.devDependencies),
    };
    write(join(base, folder, 'package.json'), JSON.stringify(manifest));
    for (const [file, text] of Object.entries(member.files)) write(join(base, folder, file), text);
  }
  return base;
}

function versions(names: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, 'workspace:^']));
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
