#include "kernel/http/listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 1024, UNIX_MODE = 0660 };

bool listen_is_unix(const char *address) { return strncmp(address, "unix:", 5) == 0; }

static struct text why(void) {
    switch (errno) {
    case EADDRINUSE: return TEXT("another program listens there already");
    case EACCES: return TEXT("this user may not listen there");
    case EADDRNOTAVAIL: return TEXT("this machine has no such address");
    default: return TEXT("cannot listen there");
    }
}

static bool open_unix(const char *path, int *ret_descriptor, struct text *ret_error) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) == 0 || strlen(path) >= sizeof(address.sun_path)) {
        *ret_error = TEXT("the path of the unix socket is empty or too long");
        return false;
    }
    memcpy(address.sun_path, path, strlen(path) + 1);
    int made = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    /* A socket file that nobody answers on is left over from a process that was killed. */
    int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(probe, (struct sockaddr *)&address, sizeof(address)) != 0 && errno == ECONNREFUSED)
        unlink(path);
    close(probe);
    if (bind(made, (struct sockaddr *)&address, sizeof(address)) != 0 ||
        chmod(path, UNIX_MODE) != 0 || listen(made, BACKLOG) != 0) {
        *ret_error = why();
        close(made);
        return false;
    }
    *ret_descriptor = made;
    return true;
}

static int bind_tcp(const struct addrinfo *address, bool shared) {
    int on = 1;
    int made = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (made < 0) return -1;
    setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (shared) setsockopt(made, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
    if (bind(made, address->ai_addr, address->ai_addrlen) == 0 && listen(made, BACKLOG) == 0)
        return made;
    int error = errno;
    close(made);
    errno = error;
    return -1;
}

static struct addrinfo *look_up(const char *address, int port) {
    char service[16];
    struct addrinfo *found = NULL;
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
                             .ai_socktype = SOCK_STREAM};
    snprintf(service, sizeof(service), "%d", port);
    return getaddrinfo(address, service, &hints, &found) == 0 ? found : NULL;
}

/* With SO_REUSEPORT a second server of this user would quietly take half of the first one's
 * visitors; binding once without it finds out. */
static bool is_free(const struct addrinfo *address) {
    int probe = bind_tcp(address, false);
    if (probe >= 0) close(probe);
    return probe >= 0;
}

static bool open_tcp(const char *address, int port, size_t count, int *ret_descriptors) {
    size_t opened = 0;
    while (opened < count) {
        struct addrinfo *found = look_up(address, port);
        if (!found) {
            errno = EADDRNOTAVAIL;
            break;
        }
        bool fine = opened > 0 || port == 0 || is_free(found);
        int made = fine ? bind_tcp(found, count > 1) : -1;
        freeaddrinfo(found);
        if (made < 0) break;
        ret_descriptors[opened++] = made;
        port = listen_port(made);
    }
    if (opened == count) return true;
    int error = errno;
    for (size_t i = 0; i < opened; i++) close(ret_descriptors[i]);
    errno = error;
    return false;
}

bool listen_open(const char *address, int port, size_t count, int *ret_descriptors,
                 struct text *ret_error) {
    if (listen_is_unix(address)) {
        int descriptor;
        if (!open_unix(address + 5, &descriptor, ret_error)) return false;
        for (size_t i = 0; i < count; i++) ret_descriptors[i] = descriptor;
        return true;
    }
    if (open_tcp(address, port, count, ret_descriptors)) return true;
    *ret_error = why();
    return false;
}

int listen_port(int descriptor) {
    struct sockaddr_storage address = {0};
    socklen_t length = sizeof(address);
    if (getsockname(descriptor, (struct sockaddr *)&address, &length) != 0) return 0;
    if (address.ss_family == AF_INET)
        return ntohs(((struct sockaddr_in *)(void *)&address)->sin_port);
    if (address.ss_family == AF_INET6)
        return ntohs(((struct sockaddr_in6 *)(void *)&address)->sin6_port);
    return 0;
}

void listen_close(const char *address, size_t count, const int *descriptors) {
    if (listen_is_unix(address)) {
        close(descriptors[0]);
        unlink(address + 5);
        return;
    }
    for (size_t i = 0; i < count; i++) close(descriptors[i]);
}
