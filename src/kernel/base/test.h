/* The whole test framework: TEST("A09: what it proves") { CHECK(...); } in a test.c, which needs
 * no main. A failed CHECK prints its operands and ends its test; the program exits 1 when any
 * test failed and ends with a line `N passed, N failed`. Arguments: a word that the names of the
 * tests to run contain. */
#ifndef KERNEL_BASE_TEST_H
#define KERNEL_BASE_TEST_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>

#include "kernel/base/text.h"

struct test {
    const char *name;
    void (*run)(void);
    struct test *next;
};

void test_register(struct test *test);
void test_fail(const char *file, int line, const char *format, ...)
    __attribute__((noreturn, format(printf, 3, 4)));

/* Ends the running test as skipped, with a reason (a service that this machine lacks). */
void test_skip(const char *reason) __attribute__((noreturn));

/* Runs RUN in a process of its own, where a failed CHECK, an abort or a cut harms nobody else: the
 * status that waitpid() gives (0 when RUN came to its end, 1 << 8 after a failed CHECK). No other
 * thread may run. */
int test_apart(void (*run)(void *context), void *context);

void test_check_int(const char *file, int line, const char *words, int64_t got, int64_t wanted);
void test_check_text(const char *file, int line, const char *words, struct text got,
                     struct text wanted);

#define TEST_JOIN_(a, b) a##b
#define TEST_JOIN(a, b) TEST_JOIN_(a, b)
#define TEST(words)                                                                                \
    static void TEST_JOIN(test_run_, __LINE__)(void);                                              \
    __attribute__((constructor)) static void TEST_JOIN(test_add_, __LINE__)(void) {                \
        static struct test test = {words, TEST_JOIN(test_run_, __LINE__), 0};                      \
        test_register(&test);                                                                      \
    }                                                                                              \
    static void TEST_JOIN(test_run_, __LINE__)(void)

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) test_fail(__FILE__, __LINE__, "%s", #condition);                         \
    } while (0)
#define CHECK_INT(got, wanted)                                                                     \
    test_check_int(__FILE__, __LINE__, #got, (int64_t)(got), (int64_t)(wanted))
#define CHECK_TEXT(got, wanted) test_check_text(__FILE__, __LINE__, #got, (got), text_of(wanted))

#endif
