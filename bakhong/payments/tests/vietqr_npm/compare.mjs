// Reads a JSON list of {bank, account, amount, purpose} and of {payload}; answers what vietnam-qr-pay makes of each.
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const { QRPay } = createRequire(import.meta.url)('vietnam-qr-pay')

function made({ bank, account, amount, purpose }) {
  return QRPay.initVietQR({ bankBin: bank, bankNumber: account, amount: amount ?? undefined, purpose: purpose || undefined }).build()
}

function read({ payload }) {
  const found = new QRPay(payload)
  return {
    valid: found.isValid,
    bank: found.consumer.bankBin,
    account: found.consumer.bankNumber,
    amount: found.amount ?? null,
    purpose: found.additionalData.purpose ?? ''
  }
}

const asked = JSON.parse(readFileSync(0, 'utf8'))
process.stdout.write(JSON.stringify(asked.map((each) => (each.payload === undefined ? made(each) : read(each)))))
