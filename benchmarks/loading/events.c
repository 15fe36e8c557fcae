/* The limit: libyaml's events of every file named on standard input, and no objects made of them. */
#include <stdio.h>
#include <string.h>
#include <yaml.h>

int main(void) {
    char path[4096];
    unsigned long events = 0;
    while (fgets(path, sizeof path, stdin)) {
        path[strcspn(path, "\n")] = 0;
        FILE *file = fopen(path, "rb");
        yaml_parser_t parser;
        yaml_event_t event;
        int done = 0;
        if (!file || !yaml_parser_initialize(&parser)) return 1;
        yaml_parser_set_input_file(&parser, file);
        while (!done) {
            if (!yaml_parser_parse(&parser, &event)) return 1;
            done = event.type == YAML_STREAM_END_EVENT;
            yaml_event_delete(&event);
            events++;
        }
        yaml_parser_delete(&parser);
        fclose(file);
    }
    printf("%lu\n", events);
    return 0;
}
