// Reads a JSON list of {bank, account, amount, purpose} and of {payload}; answers what the package named makes of each (null: refused).
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { generateVietQR, parse, verifyCRC } from 'vietqr-ts'

const { QRPay } = createRequire(import.meta.url)('vietnam-qr-pay')

const packages = {
  'vietnam-qr-pay': {
    made: ({ bank, account, amount, purpose }) =>
      QRPay.initVietQR({ bankBin: bank, bankNumber: account, amount: amount ?? undefined, purpose: purpose || undefined }).build(),
    read: (payload) => {
      const found = new QRPay(payload)
      return {
        valid: found.isValid,
        bank: found.consumer.bankBin,
        account: found.consumer.bankNumber,
        amount: found.amount ?? null,
        purpose: found.additionalData.purpose ?? ''
      }
    }
  },
  'vietqr-ts': {
    made: ({ bank, account, amount, purpose }) =>
      generateVietQR({
        bankBin: bank, accountNumber: account, serviceCode: 'QRIBFTTA', amount: amount ?? undefined, purpose: purpose || undefined
      }).rawData,
    read: (payload) => {
      const { data } = parse(payload)
      return {
        valid: verifyCRC(payload), // its validate() wants accounts of digits only, which banks' virtual accounts are not
        bank: data.bankCode,
        account: data.accountNumber,
        amount: data.amount ?? null,
        purpose: data.message ?? ''
      }
    }
  }
}

const theirs = packages[process.argv[2]]

function answer(each) {
  try {
    return each.payload === undefined ? theirs.made(each) : theirs.read(each.payload)
  } catch {
    return null
  }
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(answer)))
