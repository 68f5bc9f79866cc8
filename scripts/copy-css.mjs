/**
 * Writes `src/style.css` of the package in the working folder to `dist/style.css`, with its relative
 * `@import`s put in place, so that a page links one file.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

function inline(file) {
  return readFileSync(file, 'utf8').replace(
    /@import\s+['"](\.[^'"]+)['"]\s*(layer\([^)]+\))?\s*;/g,
    (_, path, layer) => {
      const css = inline(join(dirname(file), path))
      return layer ? `@layer ${layer.slice('layer('.length, -1)} {\n${css}}\n` : css
    },
  )
}

mkdirSync('dist', { recursive: true })
writeFileSync('dist/style.css', inline('src/style.css'))
