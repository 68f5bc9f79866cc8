import { must } from '@quire/base'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { startTheme } from './theme.ts'
import './tokens.css'
import './base.css'
import './ui/ui.css'

startTheme()
const root = must(document.getElementById('app'), 'index.html has #app')
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
