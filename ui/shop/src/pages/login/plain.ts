// The terms and the privacy page, in plain words. Their wording is the one whose version the server keeps with each agreement.
import { language } from '@kit/words.ts';

export interface Part {
    title: string;
    lines: string[];
}

const terms: Record<'zh' | 'en', Part[]> = {
    zh: [
        { title: '乡集是什么', lines: ['乡集是个集市：卖东西的是各家店，买卖是您和店家之间的事，我们管好这个地方。', '平台不向卖家收钱，也不向您收钱，订单里的“平台收费”是 0 元。'] },
        { title: '下单和付款', lines: ['下了单，货给您留 30 分钟。过了没付，订单自己关掉，不扣钱。', '钱由支付机构收着，不经过平台。收到东西，过了退货的七天，才付给卖家。', '钱到得晚了：货还有就照样发，货没了就原路退给您。'] },
        { title: '退货和退钱', lines: ['签收第二天起七天内，没有理由也可以退。鲜货、照您要求现做的、拆了封就不能再卖的，不在里面；下单前会说清楚，请您打勾。', '东西坏了、不对，不管哪一种，照样退钱。退的钱走原路回去。'] },
        { title: '账号', lines: ['一个手机号一个账号。不要把验证码告诉别人，我们的人也不会问。', '想走随时可以走：“我的”里可以注销账号。'] },
        { title: '请不要', lines: ['不要卖假货，不要刷单，不要冒充别人。发现了会停掉账号，记录会照规定保存和上报。'] },
    ],
    en: [
        { title: 'What Xiangji is', lines: ['Xiangji is a market place: each shop sells for itself, and a sale is between you and the shop.', 'The platform takes nothing from sellers and nothing from you; the platform fee in every order is 0.'] },
        { title: 'Ordering and paying', lines: ['An order keeps the goods for you for 30 minutes. Unpaid, it closes by itself; nothing is charged.', 'A payment provider holds the money, not the platform. The seller is paid after you have received the goods and the seven days for returns are over.', 'Money that arrives late: the goods are sent if there are any left, otherwise it goes back to you.'] },
        { title: 'Sending back', lines: ['You may send goods back without reason within seven days from the day after receipt. Fresh goods, things made to your order and things that cannot be sold once opened are excepted; you are told before you order and asked to tick.', 'Bad or wrong goods are refunded in any case, the way the money came.'] },
        { title: 'Your account', lines: ['One phone number, one account. Never tell anybody a code; nobody of ours will ask for it.', 'You can leave at any time: the account can be closed under Me.'] },
        { title: 'Please do not', lines: ['No fake goods, no sham orders, no posing as others. Such accounts are stopped, and records are kept and reported as the law asks.'] },
    ],
};

const privacy: Record<'zh' | 'en', Part[]> = {
    zh: [
        { title: '存了什么，为什么', lines: ['手机号：用来登录，也是寄东西要用的。', '名字和收货地址：只为把东西送到您手上。', '订单：买了什么、付了多少、寄到哪一步。法律要求买卖记录至少存三年。', '登录的设备类别和时间：让您看得见谁登录过。'] },
        { title: '怎么存的', lines: ['手机号、名字、地址加了密再存，每个人一把钥匙。翻看数据库的人，看到的是乱码。', '密码不存原样，谁也还原不出来。日志里不写这些。'] },
        { title: '谁看得到', lines: ['寄您这一单的卖家，在东西送到以前，看得到收货的名字、电话和地址；送到以后电话就看不到了。', '支付机构知道金额和买的是什么，不知道寄到哪里。', '不卖给别人，不做个性化推荐，也没有别家的统计代码。'] },
        { title: '您能做什么', lines: ['看和改：“我的”里都能改。', '删地址：随时。', '注销：“我的”里注销账号。注销后钥匙在法律要求的三年过后销毁，那以后谁也打不开您的资料。'] },
        { title: '这台手机上', lines: ['没登录时，购物袋、大字版和语言只存在您这台设备上，换一台就没有了。', '只用一个登录用的 cookie，没有别的。'] },
    ],
    en: [
        { title: 'What is stored, and why', lines: ['Your phone number: to log in and to deliver.', 'Names and addresses: only to bring the goods to you.', 'Orders: what was bought, paid and sent. The law asks to keep records of trade for three years.', 'The kind of device and the time of each log-in: so that you can see who was there.'] },
        { title: 'How it is stored', lines: ['Phone numbers, names and addresses are encrypted, with a key of its own for every person. Whoever looks into the database sees noise.', 'Passwords are not stored as such and cannot be restored. None of this stands in logs.'] },
        { title: 'Who sees it', lines: ['The seller of your order sees the name, phone and address until it has arrived; afterwards the phone is hidden.', 'The payment provider knows the amount and what was bought, not where it goes.', 'Nothing is sold, nothing is recommended by your past, no code of others counts you.'] },
        { title: 'What you can do', lines: ['See and change: all of it under Me.', 'Delete addresses at any time.', 'Close the account under Me. After the three years that the law asks for, your key is destroyed, and nobody can open your data any more.'] },
        { title: 'On this phone', lines: ['Without log-in, the bag, large print and language are kept on this device only.', 'There is one cookie, for the log-in, and no other.'] },
    ],
};

export function termsParts(): Part[] {
    return terms[language.value];
}

export function privacyParts(): Part[] {
    return privacy[language.value];
}
