/* The sockets that the server listens on. Inside kernel/http only. */
#ifndef KERNEL_HTTP_LISTEN_H
#define KERNEL_HTTP_LISTEN_H

#include "kernel/base/text.h"

/* "127.0.0.1", "0.0.0.0", "::", or "unix:PATH". */
bool listen_is_unix(const char *address);

/* COUNT listening descriptors, one a loop: over TCP each has its own on the same port
 * (SO_REUSEPORT), so that the kernel spreads the connections; on a unix socket, where that does not
 * work, they are one and the same. PORT 0 picks one. A port that another program listens on is
 * refused, also where it would share it. False with a sentence in *ret_error. */
bool listen_open(const char *address, int port, size_t count, int *ret_descriptors,
                 struct text *ret_error);
/* The port of a TCP socket; 0 of a unix one. */
int listen_port(int descriptor);
/* Closes them; removes the unix socket's file. */
void listen_close(const char *address, size_t count, const int *descriptors);

#endif
