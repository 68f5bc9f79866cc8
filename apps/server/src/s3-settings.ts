/** The settings for uploads in a bucket of an S3-compatible service, and which of them make sense together. */
import type { S3BlobsOptions } from '@quire/persistence'
import { isText, type Setting } from './setting.ts'

export type S3SettingName = 's3-endpoint' | 's3-bucket' | 's3-region' | 's3-key-id' | 's3-secret'

export const s3Settings: readonly Setting<S3SettingName>[] = [
  {
    name: 's3-endpoint',
    env: 'QUIRE_S3_ENDPOINT',
    type: 'an http: or https: address without a path',
    default: '',
    sentence:
      'S3-compatible service for uploads, instead of the folder: https://s3.eu-central-1.amazonaws.com.',
    isValid: (text) => /^https?:\/\/[^/?#\s]+\/?$/.test(text) && URL.canParse(text),
    isLock: true,
  },
  {
    name: 's3-bucket',
    env: 'QUIRE_S3_BUCKET',
    type: 'the name of a bucket',
    default: '',
    sentence: 'Bucket for uploads; it has to be there.',
    isValid: (text) => /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(text),
    isLock: true,
  },
  {
    name: 's3-region',
    env: 'QUIRE_S3_REGION',
    type: 'a region',
    default: 'us-east-1',
    sentence: 'Region of the bucket; services without regions take the default.',
    isValid: (text) => /^[a-z0-9-]{1,40}$/.test(text),
  },
  {
    name: 's3-key-id',
    env: 'QUIRE_S3_KEY_ID',
    type: 'a text',
    default: '',
    sentence: 'Id of the key for the bucket.',
    isValid: isText,
    isLock: true,
  },
  {
    name: 's3-secret',
    env: 'QUIRE_S3_SECRET',
    type: 'a text',
    default: '',
    sentence: 'Secret of the key for the bucket.',
    isValid: isText,
    isLock: true,
    isSecret: true,
  },
]

/** Undefined when none is set; a sentence when they make no sense. */
export function s3Options(
  text: (name: S3SettingName) => string,
): S3BlobsOptions | string | undefined {
  const needed = ['s3-endpoint', 's3-bucket', 's3-key-id', 's3-secret'] as const
  const missing = needed.filter((name) => text(name) === '')
  if (missing.length === needed.length) return undefined
  if (missing.length > 0) {
    const names = s3Settings.filter(({ name }) => missing.some((each) => each === name))
    return `for uploads in a bucket set ${names.map(({ env }) => env).join(' and ')}, too`
  }
  return {
    endpoint: text('s3-endpoint'),
    bucket: text('s3-bucket'),
    region: text('s3-region'),
    accessKeyId: text('s3-key-id'),
    secretAccessKey: text('s3-secret'),
    prefix: 'files/',
  }
}
