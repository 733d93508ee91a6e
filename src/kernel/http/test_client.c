/* Whom the house may call. */
#include <arpa/inet.h>
#include <netinet/in.h>

#include "kernel/base/test.h"
#include "kernel/http/client.h"

static bool is_public(const char *written) {
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, written, &four.sin_addr) == 1)
        return client_is_public((const struct sockaddr *)&four);
    CHECK_INT(inet_pton(AF_INET6, written, &six.sin6_addr), 1);
    return client_is_public((const struct sockaddr *)&six);
}

TEST("client: every network that is not the public internet's is known by its both ends") {
    static const char *const closed[] = {
        "0.0.0.0",
        "0.255.255.255",
        "10.0.0.0",
        "10.255.255.255",
        "100.64.0.0",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.0.0",
        "169.254.169.254",
        "172.16.0.0",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.0",
        "192.168.255.255",
        "198.18.0.0",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::7f00:1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "100::1",
        "fc00::1",
        "fdff::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "2001::1",
        "2001:1ff::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "3fff::1",
        "4000::1",
    };
    static const char *const open[] = {
        "1.1.1.1",        "8.8.8.8",         "9.255.255.255", "11.0.0.0",     "100.63.255.255",
        "100.128.0.0",    "126.255.255.255", "128.0.0.0",     "169.253.1.1",  "169.255.0.0",
        "172.15.255.255", "172.32.0.0",      "192.0.1.1",     "192.167.1.1",  "192.169.0.0",
        "198.17.1.1",     "198.20.0.0",      "223.255.255.1", "2400:3200::1", "2606:4700::1111",
        "2001:200::1",
    };
    for (size_t i = 0; i < sizeof(closed) / sizeof(closed[0]); i++)
        if (is_public(closed[i])) test_fail(__FILE__, __LINE__, "%s is not public", closed[i]);
    for (size_t i = 0; i < sizeof(open) / sizeof(open[0]); i++)
        if (!is_public(open[i])) test_fail(__FILE__, __LINE__, "%s is public", open[i]);
}

TEST("client: an address in a URL is seen through in each way it may be written") {
    static const char *const refused[] = {
        "http://example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "example.com",
        "",
        "https://",
        "https://user:word@example.com/",
        "https://user@example.com/",
        "https://example.com/#part",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://0/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[fe80::1%25eth0]/",
        "https://10.1.2.3:8443/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://a.localhost/",
        "https://printer.local/",
        "https://metadata.google.internal/",
    };
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
        if (client_may_ask(refused[i], CLIENT_PUBLIC))
            test_fail(__FILE__, __LINE__, "%s may not be asked", refused[i]);
    CHECK(client_may_ask("https://example.com/hooks?a=b", CLIENT_PUBLIC));
    CHECK(client_may_ask("https://8.8.8.8:8443/", CLIENT_PUBLIC));
    CHECK(client_may_ask("https://xn--fiq228c.example/", CLIENT_PUBLIC));
    CHECK(client_may_ask("http://127.0.0.1:8090/", CLIENT_LOOPBACK));
    CHECK(client_may_ask("http://localhost:8090/", CLIENT_LOOPBACK));
    CHECK(!client_may_ask("http://example.com/", CLIENT_LOOPBACK));
    CHECK(!client_may_ask("https://10.0.0.1/", CLIENT_LOOPBACK));
    CHECK(client_may_ask("http://10.0.0.1/", CLIENT_ANYWHERE));
}
