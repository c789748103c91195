// Writes internal/vault/data/leaked.txt: the passwords that leaked most often, the most frequent first, as far as they are
// long enough to be chosen at all. One a line, in lower case.
import { dictionary } from '@zxcvbn-ts/language-common'
import fs from 'node:fs'
import path from 'node:path'

const shortest = 8 // characters, as minPasswordRunes in internal/vault
const out = path.resolve(import.meta.dirname, '../../internal/vault/data/leaked.txt')
const list = [...new Set(dictionary['passwords-common'].map(word => word.toLowerCase()))]
  .filter(word => [...word].length >= shortest && !/[\r\n]/.test(word))
if (list.length < 3000) throw new Error(`only ${list.length} leaked passwords were found`)
fs.writeFileSync(out, list.join('\n') + '\n')
console.log(`leaked passwords  ${list.length}`)
