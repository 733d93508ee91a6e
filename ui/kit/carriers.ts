// The carriers that most parcels go with, by one name each: what a phone and the desk write must be found again by the same filter.
export const carriers: readonly string[] = ['中国邮政', '顺丰速运', '中通快递', '圆通速递', '申通快递', '韵达快递', '极兔速递', '京东快递'];
