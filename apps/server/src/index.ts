export { type Server, type ServerOptions, startServer } from './start.ts'
export { StartError } from './start-error.ts'
