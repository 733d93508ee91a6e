/* The main of a fuzz target where libFuzzer is not linked: feeds it each file (or each file of each
 * folder) named on the command line, so that kept inputs are checked by any compiler and under any
 * sanitizer. */
#include <dirent.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { INPUT_BYTES_MAX = 1024 * 1024, PATH_BYTES_MAX = 4096 };

static size_t replay_file(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(1);
    }
    uint8_t *data = malloc(INPUT_BYTES_MAX);
    if (!data) exit(1);
    size_t size = fread(data, 1, INPUT_BYTES_MAX, file);
    fclose(file);
    /* A block of exactly its size lets AddressSanitizer see a read past the end. */
    uint8_t *exact = malloc(size ? size : 1);
    if (!exact) exit(1);
    for (size_t i = 0; i < size; i++) exact[i] = data[i];
    free(data);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    return 1;
}

static size_t replay(const char *path) {
    struct stat status;
    if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode)) return replay_file(path);
    DIR *folder = opendir(path);
    size_t count = 0;
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        char inner[PATH_BYTES_MAX];
        snprintf(inner, sizeof(inner), "%s/%s", path, entry->d_name);
        if (entry->d_name[0] != '.') count += replay_file(inner);
    }
    if (folder) closedir(folder);
    return count;
}

int main(int argc, char **argv) {
    size_t count = 0;
    LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
    for (int i = 1; i < argc; i++) count += replay(argv[i]);
    printf("%zu inputs replayed\n", count);
    return 0;
}
