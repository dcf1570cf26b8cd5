"""Statements made up for the tests: no line of them is anybody's."""

from __future__ import annotations

CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">
<BkToCstmrStmt><Stmt><Id>S1</Id><Acct><Id><Othr><Id>12020210</Id></Othr></Id></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="CNY">90100.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>
<Ntry><Amt Ccy="CNY">50000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<BookgDt><Dt>2026-03-11</Dt></BookgDt><ValDt><Dt>2026-03-12</Dt></ValDt><AcctSvcrRef>B001</AcctSvcrRef>
<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>
<RltdPties><Dbtr><Pty><Nm>海港五金有限公司</Nm></Pty></Dbtr></RltdPties>
<RmtInf><Ustrd>货款 XS-1</Ustrd><Ustrd>三月</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="CNY">200.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><ValDt><Dt>2026-03-12</Dt></ValDt></Ntry>
<Ntry><Amt Ccy="CNY">40000.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><ValDt><DtTm>2026-03-12T10:00:00</DtTm></ValDt>
<AcctSvcrRef>B002</AcctSvcrRef><NtryDtls>
<TxDtls><Amt Ccy="CNY">15000.00</Amt><RltdPties><Dbtr><Nm>大江商贸</Nm></Dbtr></RltdPties></TxDtls>
<TxDtls><Amt Ccy="CNY">25000.00</Amt><RltdPties><Dbtr><Nm>红叶建材</Nm></Dbtr></RltdPties></TxDtls>
</NtryDtls></Ntry>
<Ntry><Amt Ccy="CNY">7.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Ntry>
<Ntry><Amt Ccy="CNY">-5.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><ValDt><Dt>2026-03-12</Dt></ValDt></Ntry>
</Stmt></BkToCstmrStmt></Document>""".encode()

LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY a "&lol;&lol;&lol;&lol;&lol;&lol;">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">&c;</Document>"""

MT940 = """:20:STARTUMS
:25:12020210/0990
:28C:7/1
:60F:C260311CNY100,00
:61:2603120312C50000,00NTRFNONREF//B001
:86:166?00TRANSFER?20\u8d27\u6b3e XS-1?21 \u4e09\u6708?32\u6d77\u6e2f\u4e94\u91d1?33\u6709\u9650\u516c\u53f8
:61:260312D200,00NCHGNONREF
:86:charges
:61:260312C12,5NTRFNONREF
:86:/NAME/River Trading/REMI/INV 7
:61:26XX12C9,00NTRF
:62F:C260312CNY49912,50
-""".encode()

CMB = """招商银行 交易明细,,,,,,,
交易日期,借方(出账),贷方(入账),余额,摘要,收(付)方名称,收(付)方账号,交易流水号
2026-03-12,,"50,000.00","60,000.00",货款 XS-1,海港五金有限公司,6222,C001
20260312,200.00,,59800.00,手续费,招商银行,,C002
2026-03-12,,-3.00,59797.00,冲正,海港五金有限公司,6222,C003
2026-03-12,,abc,59797.00,货款,海港五金有限公司,6222,C004
2026-02-31,,10.00,59797.00,货款,海港五金有限公司,6222,C005
合计,200.00,"50,007.00",,,,,
"""

ALIPAY = """#支付宝账务明细查询
#账号：[2088000000000001]
#-----------------------------------------账务明细列表----------------------------------------
账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,交易渠道,业务类型,备注
9001\t,20260312001\t,XS-1\t,门锁货款\t,2026-03-12 21:02,海港五金有限公司 (p@hg.example)\t,2274.00,0.00,4533,支付宝,支付,
9002\t,2026031222002\t,\t,服务费\t,2026-03-12 21:02:06,支付宝\t,0.00,-2.27,4530.76,支付宝,收费,
#-----------------------------------------账务明细列表结束------------------------------------
#支出合计：1笔，共-2.27元
"""
