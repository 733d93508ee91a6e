#include "kernel/http/client.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/base/limits.h"

/* ---- addresses ---- */

struct network {
    uint32_t base;
    int bits;
};

/* IANA's special-purpose registry: all of IPv4 that is not the public internet's. */
static const struct network special[] = {
    {0x00000000, 8},  /* this network */
    {0x0A000000, 8},  /* private */
    {0x64400000, 10}, /* shared by carriers (CGNAT) */
    {0x7F000000, 8},  /* loopback */
    {0xA9FE0000, 16}, /* link-local, and the metadata services of clouds */
    {0xAC100000, 12}, /* private */
    {0xC0000000, 24}, /* protocol assignments */
    {0xC0000200, 24}, /* documentation */
    {0xC0586300, 24}, /* 6to4 relays */
    {0xC0A80000, 16}, /* private */
    {0xC6120000, 15}, /* benchmarks */
    {0xC6336400, 24}, /* documentation */
    {0xCB007100, 24}, /* documentation */
    {0xE0000000, 4},  /* multicast */
    {0xF0000000, 4},  /* reserved, and broadcast */
};

static bool is_public_4(uint32_t address) {
    for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++)
        if ((address ^ special[i].base) >> (32 - special[i].bits) == 0) return false;
    return true;
}

static uint32_t read_4(const unsigned char *bytes) {
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* Only 2000::/3 is given out. Of it, 2002::/16 (6to4) and 2001::/23 (Teredo and others) lead
 * elsewhere, and 2001:db8::/32 and 3fff::/20 are for documents. Mapped addresses are none of it. */
static bool is_public_6(const unsigned char *bytes) {
    bool is_given = (bytes[0] & 0xE0) == 0x20;
    bool is_6to4 = bytes[0] == 0x20 && bytes[1] == 0x02;
    bool is_protocol = bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] < 2;
    bool is_document = read_4(bytes) == 0x20010DB8 ||
                       (bytes[0] == 0x3F && bytes[1] == 0xFF && (bytes[2] & 0xF0) == 0);
    return is_given && !is_6to4 && !is_protocol && !is_document;
}

bool client_is_public(const struct sockaddr *address) {
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *four = (const struct sockaddr_in *)(const void *)address;
        return is_public_4(ntohl(four->sin_addr.s_addr));
    }
    if (address->sa_family != AF_INET6) return false;
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)address;
    return is_public_6(six->sin6_addr.s6_addr);
}

static bool is_loopback(const struct sockaddr *address) {
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *four = (const struct sockaddr_in *)(const void *)address;
        return ntohl(four->sin_addr.s_addr) >> 24 == 127;
    }
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)address;
    return address->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
}

static bool may_reach(const struct sockaddr *address, enum client_reach reach) {
    if (reach == CLIENT_ANYWHERE || client_is_public(address)) return true;
    return reach == CLIENT_LOOPBACK && is_loopback(address);
}

/* ---- addresses as they are written ---- */

/* The host of a URL when it is an address, in any of the ways that one may be written: libcurl has
 * made "0x7f.1" and "2130706433" into dotted form by now. */
static bool read_literal(const char *host, struct sockaddr_storage *ret_address) {
    struct sockaddr_in *four = (struct sockaddr_in *)(void *)ret_address;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)(void *)ret_address;
    char inner[INET6_ADDRSTRLEN + 1] = "";
    *ret_address = (struct sockaddr_storage){0};
    if (inet_pton(AF_INET, host, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        return true;
    }
    size_t length = strlen(host);
    if (length < 3 || host[0] != '[' || length - 2 >= sizeof(inner)) return false;
    memcpy(inner, host + 1, length - 2);
    if (inet_pton(AF_INET6, inner, &six->sin6_addr) != 1) return false;
    six->sin6_family = AF_INET6;
    return true;
}

static bool ends_with_label(struct text name, struct text label) {
    if (name.length < label.length) return false;
    size_t at = name.length - label.length;
    return strncasecmp(name.bytes + at, label.bytes, label.length) == 0 &&
           (at == 0 || name.bytes[at - 1] == '.');
}

static bool is_local_name(const char *host) {
    struct text name = text_of(host);
    while (name.length && name.bytes[name.length - 1] == '.') name.length--;
    return ends_with_label(name, TEXT("localhost")) || ends_with_label(name, TEXT("local")) ||
           ends_with_label(name, TEXT("internal"));
}

static bool host_may_be_asked(const char *scheme, const char *host, enum client_reach reach) {
    struct sockaddr_storage address;
    bool is_literal = read_literal(host, &address);
    const struct sockaddr *literal = (const struct sockaddr *)&address;
    bool is_here = is_literal ? is_loopback(literal) : is_local_name(host);
    if (strcmp(scheme, "https") != 0 && (strcmp(scheme, "http") != 0 || reach == CLIENT_PUBLIC ||
                                         (reach != CLIENT_ANYWHERE && !is_here)))
        return false;
    if (is_literal) return may_reach(literal, reach);
    return !is_here || reach != CLIENT_PUBLIC;
}

bool client_may_ask(const char *url, enum client_reach reach) {
    CURLU *parts = curl_url();
    char *scheme = NULL, *host = NULL, *user = NULL, *fragment = NULL;
    bool is_fine = parts && !curl_url_set(parts, CURLUPART_URL, url, CURLU_DISALLOW_USER) &&
                   !curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) &&
                   !curl_url_get(parts, CURLUPART_HOST, &host, 0) &&
                   curl_url_get(parts, CURLUPART_USER, &user, 0) == CURLUE_NO_USER &&
                   curl_url_get(parts, CURLUPART_FRAGMENT, &fragment, 0) == CURLUE_NO_FRAGMENT &&
                   host_may_be_asked(scheme, host, reach);
    curl_free(scheme);
    curl_free(host);
    curl_free(user);
    curl_free(fragment);
    curl_url_cleanup(parts);
    return is_fine;
}

/* ---- a call ---- */

struct asking {
    const struct client_call *call;
    struct buffer answer;
    bool is_cut;       /* the answer is longer than was wanted */
    bool is_forbidden; /* an address that may not be reached */
};

static size_t take_bytes(char *bytes, size_t size, size_t count, void *context) {
    struct asking *asking = context;
    size_t wanted = asking->call->kept_bytes, length = size * count;
    if (wanted && asking->answer.length + length > wanted) {
        buffer_add(&asking->answer, bytes, wanted - asking->answer.length);
        asking->is_cut = true;
        return 0;
    }
    buffer_add(&asking->answer, bytes, length);
    return asking->answer.overflowed ? 0 : length;
}

/* Every connection passes here with the address it is about to open, whatever the name said when it
 * was looked at before. */
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *to) {
    struct asking *asking = context;
    if (purpose != CURLSOCKTYPE_IPCXN || !may_reach(&to->addr, asking->call->reach)) {
        asking->is_forbidden = true;
        return CURL_SOCKET_BAD;
    }
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static void sign(CURL *curl, const struct client_call *call) {
    char scope[100];
    snprintf(scope, sizeof(scope), "aws:amz:%s:s3", call->s3_region);
    curl_easy_setopt(curl, CURLOPT_AWS_SIGV4, scope);
    curl_easy_setopt(curl, CURLOPT_USERNAME, call->s3_key_id);
    curl_easy_setopt(curl, CURLOPT_PASSWORD, call->s3_secret);
}

static void set_options(CURL *curl, struct asking *asking, struct curl_slist *headers,
                        struct curl_slist *resolved) {
    const struct client_call *call = asking->call;
    curl_easy_setopt(curl, CURLOPT_URL, call->url);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call->method);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR,
                     call->reach == CLIENT_PUBLIC ? "https" : "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    /* A proxy of the environment must not see what gateways are told. */
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, call->timeout_ms ? call->timeout_ms : 10000L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_bytes);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, asking);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, asking);
    if (resolved) curl_easy_setopt(curl, CURLOPT_RESOLVE, resolved);
    if (call->s3_region) sign(curl, call);
    if (!call->body.length) return;
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)call->body.length);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call->body.bytes);
}

static const char *trouble_of(CURLcode code, const struct asking *asking) {
    if (code == CURLE_OK || asking->is_cut) return NULL;
    if (asking->is_forbidden) return "address";
    switch ((int)code) {
    case CURLE_COULDNT_RESOLVE_HOST: return "name";
    case CURLE_COULDNT_CONNECT:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR: return "connection";
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE: return "tls";
    case CURLE_OPERATION_TIMEDOUT: return "time";
    default: return "other";
    }
}

void client_ask(struct arena *arena, const struct client_call *call,
                struct client_answer *ret_answer) {
    size_t bytes_max = call->answer_bytes_max ? call->answer_bytes_max : LIMIT_BODY_BYTES;
    struct asking asking = {.call = call, .answer = buffer_make(arena, bytes_max)};
    struct curl_slist *headers = NULL, *resolved = NULL;
    long status = 0;
    *ret_answer = (struct client_answer){.trouble = "other"};
    if (call->reach != CLIENT_ANYWHERE && !client_may_ask(call->url, call->reach)) {
        ret_answer->trouble = "address";
        return;
    }
    CURL *curl = curl_easy_init();
    if (!curl) return;
    for (const char *const *name = call->headers; name && *name; name++)
        headers = curl_slist_append(headers, *name);
    if (call->resolved) resolved = curl_slist_append(NULL, call->resolved);
    set_options(curl, &asking, headers, resolved);
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    curl_slist_free_all(resolved);
    curl_easy_cleanup(curl);
    *ret_answer = (struct client_answer){.status = (int)status,
                                         .body = buffer_text(&asking.answer),
                                         .trouble = trouble_of(code, &asking)};
}

bool client_perform(struct arena *arena, const struct client_call *call, int *ret_status,
                    struct text *ret_body) {
    struct client_answer answer;
    client_ask(arena, call, &answer);
    if (answer.trouble) return false;
    *ret_status = answer.status;
    *ret_body = answer.body;
    return true;
}
