/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * client-page man TEMPLATE | bash | zsh | fish: what is made from the tables of verbs and options at build time: the
 * manual page (the template with its lines @verbs@ and @options@ replaced, in the language of scdoc) and the completions
 * of three shells.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "verb.h"

/* ---- manual page ---- */

/* What scdoc would take for markup. */
static void print_escaped(const char *text) {
        for (; *text; text++) {
                if (strchr("\\*_<>#~`", *text))
                        putchar('\\');
                putchar(*text);
        }
}

static void print_man_verbs(void) {
        for (const Verb *const *verb = all_verbs; *verb; verb++) {
                printf("*%s* ", (*verb)->name);
                print_escaped((*verb)->synopsis);
                printf("\n\t");
                print_escaped((*verb)->description);
                printf("\n\n");
        }
}

static void print_man_option(const Option *option) {
        if (option->letter)
                printf("*-%c*, ", option->letter);
        printf("*--%s*", option->name);
        if (option->value) {
                putchar(' ');
                print_escaped(option->value);
        }
        printf("\n\t");
        print_escaped(option->help);
        if (option->verbs != VERB_ALL) {
                const char *separator = " (";
                for (const Verb *const *verb = all_verbs; *verb; verb++)
                        if (option->verbs & (*verb)->bit) {
                                printf("%s*%s*", separator, (*verb)->name);
                                separator = ", ";
                        }
                putchar(')');
        }
        printf("\n\n");
}

static void print_man_options(void) {
        const char *group = NULL;
        for (size_t i = 0; i < n_options; i++) {
                if (!options[i].group)
                        continue;
                if (!group || strcmp(group, options[i].group))
                        printf("## %s\n\n", options[i].group);
                group = options[i].group;
                print_man_option(&options[i]);
        }
}

static int print_man(const char *template) {
        FILE *file = fopen(template, "re");
        char line[4096];

        if (!file) {
                perror(template);
                return EXIT_FAILURE;
        }
        while (fgets(line, sizeof(line), file)) {
                if (!strcmp(line, "@verbs@\n"))
                        print_man_verbs();
                else if (!strcmp(line, "@options@\n"))
                        print_man_options();
                else
                        fputs(line, stdout);
        }
        fclose(file);
        return EXIT_SUCCESS;
}

/* ---- completions ---- */

static bool takes_path(const Option *option) {
        return option->value && (!strcmp(option->value, "FILE") || !strcmp(option->value, "DIRECTORY"));
}

/* "a|b|c" are words to choose from; anything else names what is meant. */
static bool has_choices(const Option *option) {
        return option->value && strchr(option->value, '|');
}

static void print_choices(const char *value, char separator) {
        for (; *value; value++)
                putchar(*value == '|' ? separator : *value);
}

/* In single quotes, with what ends them, and what zsh takes for its own, escaped. */
static void print_quoted(const char *text, const char *special) {
        for (; *text; text++) {
                if (*text == '\'')
                        fputs("'\\'", stdout);
                else if (strchr(special, *text))
                        putchar('\\');
                putchar(*text);
        }
}

static void print_verb_names(void) {
        for (const Verb *const *verb = all_verbs; *verb; verb++)
                printf("%s%s", verb == all_verbs ? "" : " ", (*verb)->name);
}

static void print_bash_options(unsigned verbs) {
        for (size_t i = 0; i < n_options; i++)
                if (options[i].group && (options[i].verbs & verbs))
                        printf(" --%s", options[i].name);
}

static int print_bash(void) {
        printf("# bash completion of maildiag; made from its tables of verbs and options\n\n"
               "_maildiag() {\n\tlocal word=$2 before=$3 verb= i\n\n"
               "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n\t\tcase ${COMP_WORDS[i]} in\n\t\t");
        for (const Verb *const *verb = all_verbs; *verb; verb++)
                printf("%s%s", verb == all_verbs ? "" : " | ", (*verb)->name);
        printf(")\n\t\t\tverb=${COMP_WORDS[i]}\n\t\t\tbreak ;;\n\t\tesac\n\tdone\n\n"
               "\tcase $before in\n");
        for (size_t i = 0; i < n_options; i++) {
                if (!options[i].group || !options[i].value)
                        continue;
                printf("\t--%s)\n\t\tmapfile -t COMPREPLY < <(compgen ", options[i].name);
                if (has_choices(&options[i])) {
                        printf("-W '");
                        print_choices(options[i].value, ' ');
                        printf("'");
                } else {
                        printf("%s", takes_path(&options[i]) ? "-f" : "-W ''");
                }
                printf(" -- \"$word\")\n\t\treturn ;;\n");
        }
        printf("\tesac\n\n\tcase $verb in\n");
        for (const Verb *const *verb = all_verbs; *verb; verb++) {
                printf("\t%s)\n\t\tmapfile -t COMPREPLY < <(compgen -W '", (*verb)->name);
                print_bash_options((*verb)->bit);
                printf("' -- \"$word\") ;;\n");
        }
        printf("\t*)\n\t\tmapfile -t COMPREPLY < <(compgen -W '");
        print_verb_names();
        print_bash_options(VERB_ALL);
        printf("' -- \"$word\") ;;\n\tesac\n}\n\ncomplete -o filenames -F _maildiag maildiag\n");
        return EXIT_SUCCESS;
}

static void print_zsh_option(const Option *option) {
        printf("\t\t'--%s[", option->name);
        print_quoted(option->help, "[]\\");
        putchar(']');
        if (option->value) {
                printf(":value:");
                if (has_choices(option)) {
                        putchar('(');
                        print_choices(option->value, ' ');
                        putchar(')');
                } else if (takes_path(option)) {
                        printf("_files");
                }
        }
        printf("'\n");
}

static int print_zsh(void) {
        printf("#compdef maildiag\n# made from the tables of verbs and options\n\n"
               "_maildiag() {\n\tlocal -a verbs arguments\n\tlocal verb\n\n\tverbs=(\n");
        for (const Verb *const *verb = all_verbs; *verb; verb++) {
                printf("\t\t'%s:", (*verb)->name);
                print_quoted((*verb)->summary, ":\\");
                printf("'\n");
        }
        printf("\t)\n\tverb=${words[(r)(");
        for (const Verb *const *verb = all_verbs; *verb; verb++)
                printf("%s%s", verb == all_verbs ? "" : "|", (*verb)->name);
        printf(")]}\n\n\tcase $verb in\n");
        for (const Verb *const *verb = all_verbs; *verb; verb++) {
                printf("\t%s)\n\t\targuments=(\n", (*verb)->name);
                for (size_t i = 0; i < n_options; i++)
                        if (options[i].group && (options[i].verbs & (*verb)->bit))
                                print_zsh_option(&options[i]);
                printf("\t\t'*:argument:'\n\t\t)\n\t\t_arguments $arguments ;;\n");
        }
        printf("\t*)\n\t\t_describe verb verbs ;;\n\tesac\n}\n\n_maildiag \"$@\"\n");
        return EXIT_SUCCESS;
}

static int print_fish(void) {
        printf("# fish completion of maildiag; made from its tables of verbs and options\n\n"
               "complete -c maildiag -f\n");
        for (const Verb *const *verb = all_verbs; *verb; verb++) {
                printf("complete -c maildiag -n __fish_use_subcommand -a %s -d '", (*verb)->name);
                print_quoted((*verb)->summary, "\\");
                printf("'\n");
        }
        for (const Verb *const *verb = all_verbs; *verb; verb++)
                for (size_t i = 0; i < n_options; i++) {
                        const Option *option = &options[i];
                        if (!option->group || !(option->verbs & (*verb)->bit))
                                continue;
                        printf("complete -c maildiag -n '__fish_seen_subcommand_from %s' -l %s", (*verb)->name,
                               option->name);
                        if (option->letter)
                                printf(" -s %c", option->letter);
                        if (takes_path(option))
                                printf(" -rF");
                        else if (option->value)
                                printf(" -x");
                        if (has_choices(option)) {
                                printf(" -a '");
                                print_choices(option->value, ' ');
                                printf("'");
                        }
                        printf(" -d '");
                        print_quoted(option->help, "\\");
                        printf("'\n");
                }
        return EXIT_SUCCESS;
}

int main(int argc, char *argv[]) {
        static const struct {
                const char *name;
                int (*print)(void);
        } shells[] = { { "bash", print_bash }, { "zsh", print_zsh }, { "fish", print_fish } };

        if (argc == 3 && !strcmp(argv[1], "man"))
                return print_man(argv[2]);
        for (size_t i = 0; argc == 2 && i < sizeof(shells) / sizeof(shells[0]); i++)
                if (!strcmp(argv[1], shells[i].name))
                        return shells[i].print();
        fprintf(stderr, "client-page: man TEMPLATE, bash, zsh or fish\n");
        return EXIT_FAILURE;
}
