/* The local double of the SMS gateway. */
#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "ground/people/people.h"
#include "ground/people/sms.h"

enum { REMEMBERED = 64, PHONE_BYTES = 16, CODE_BYTES = 16 };

struct sms_local {
    struct sms sms; /* first: the interface's pointer is ours */
    bool prints;
    pthread_mutex_t mutex;
    int64_t count;
    struct {
        char phone[PHONE_BYTES];
        char code[CODE_BYTES];
    } last[REMEMBERED];
};

static struct sms_local *own(const struct sms *sms) { return (struct sms_local *)(uintptr_t)sms; }

static void keep(char *place, size_t size, struct text whole) {
    assert(whole.length < size);
    memcpy(place, whole.bytes, whole.length);
    place[whole.length] = '\0';
}

static enum sms_outcome send_here(const struct sms *sms, const struct sms_message *message) {
    struct sms_local *local = own(sms);
    pthread_mutex_lock(&local->mutex);
    size_t at = (size_t)(local->count++ % REMEMBERED);
    keep(local->last[at].phone, PHONE_BYTES, message->phone);
    bool is_code = message->kind == SMS_CODE;
    keep(local->last[at].code, CODE_BYTES, is_code ? message->code : TEXT("notice"));
    pthread_mutex_unlock(&local->mutex);
    if (local->prints) {
        struct text tail =
            text_slice(message->phone, message->phone.length - 4, message->phone.length);
        if (!is_code)
            printf("短信 *******%.*s：您的账号 %d 小时后要换手机号，不是您本人请马上登录取消\n",
                   (int)tail.length, tail.bytes, (int)(message->valid_minutes / 60));
        else
            printf("短信 *******%.*s：验证码 %.*s，%d 分钟内有效\n", (int)tail.length, tail.bytes,
                   (int)message->code.length, message->code.bytes, (int)message->valid_minutes);
        fflush(stdout);
    }
    return SMS_SENT;
}

const struct sms *sms_local_make(struct arena *arena, bool prints) {
    struct sms_local *local = arena_new(arena, struct sms_local, 1);
    local->sms = (struct sms){"local", send_here};
    local->prints = prints;
    pthread_mutex_init(&local->mutex, NULL);
    return &local->sms;
}

struct text sms_local_last(const struct sms *sms, struct arena *arena, struct text phone) {
    assert(sms->send == send_here);
    struct sms_local *local = own(sms);
    struct text code = {0};
    pthread_mutex_lock(&local->mutex);
    for (int64_t back = 1; back <= REMEMBERED && back <= local->count && !code.length; back++) {
        size_t at = (size_t)((local->count - back) % REMEMBERED);
        if (text_is(phone, local->last[at].phone))
            code = text_copy(arena, text_of(local->last[at].code));
    }
    pthread_mutex_unlock(&local->mutex);
    return code;
}

int64_t sms_local_count(const struct sms *sms) {
    assert(sms->send == send_here);
    struct sms_local *local = own(sms);
    pthread_mutex_lock(&local->mutex);
    int64_t count = local->count;
    pthread_mutex_unlock(&local->mutex);
    return count;
}
