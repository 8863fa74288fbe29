// npm start: loads the model, serves it, and stops on SIGTERM or SIGINT; a second signal ends it at once.
import { isUnrolledError, UnrolledError } from 'unrolled';
import { loadServedModel } from './served-model.ts';
import { createService } from './service.ts';
import { readSettings } from './settings.ts';

try {
  await main();
} catch (error) {
  console.error(isUnrolledError(error) ? `${error.code}: ${error.message}` : error);
  process.exit(1);
}

async function main(): Promise<void> {
  const { model, backend, host, port, limits } = readSettings(process.argv.slice(2), process.env);
  const service = createService(limits);
  let asked = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (asked) process.exit(1);
    asked = true;
    console.log(`${signal}: stopping`);
    service.stop().then(
      () => console.log('stopped'),
      (error) => {
        console.error(error);
        process.exitCode = 1;
      },
    );
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
  const listening = await service.listen(port, host).catch((cause) => {
    throw new UnrolledError('ADDRESS_REFUSED', `Can't listen on ${host}:${port}: ${(cause as Error).message}.`, {
      mend: 'Stop what listens there, or give another --port or --host.',
      cause,
    });
  });
  console.log(`listening on http://${host}:${listening}`);
  service.open(await loadServedModel(model, backend, limits.batch));
  if (asked) return;
  console.log(`ready: ${model} on backend ${backend}`);
}
