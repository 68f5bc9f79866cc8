/**
 * Starts a worker thread from a module beside the caller, whether the package runs from its TypeScript
 * sources (tests, development) or built.
 */
import { Worker, type WorkerOptions } from 'node:worker_threads'

/**
 * Starts the module `name` (without its ending) that stands beside `importer`, an `import.meta.url`.
 * Node 20 cannot load TypeScript, so from sources the thread first learns it from tsx, which is then
 * a development dependency that is there.
 */
export function startWorker(name: string, importer: string, options: WorkerOptions): Worker {
  if (!importer.endsWith('.ts')) return new Worker(new URL(`./${name}.js`, importer), options)
  const tsx = import.meta.resolve('tsx/esm/api')
  const module = new URL(`./${name}.ts`, importer).href
  const start = `import(${JSON.stringify(tsx)}).then(({ register }) => {
    register()
    return import(${JSON.stringify(module)})
  })`
  return new Worker(start, { ...options, eval: true, execArgv: ['--conditions=source'] })
}
