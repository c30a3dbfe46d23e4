/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Reads dialogue scripts: header, conversation, expectations, one line each.  It plays and judges nothing. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script.h"

#define SCRIPT_SIZE_MAX (1024u * 1024u)

typedef struct Reader {
        Script *script;
        unsigned line;
} Reader;

static int complain(const Reader *reader, const char *what, const char *where) {
        fprintf(stderr, "%s:%u: %s%s%s\n", reader->script->path, reader->line, what, where ? ": " : "",
                where ?: "");
        return -EINVAL;
}

/* ---- header ---- */

static int set_text(void *field, const char *value) {
        *(const char **) field = strcmp(value, "-") ? value : NULL;
        return 0;
}

static int set_certificate(void *field, const char *value) {
        *(const char **) field = strcmp(value, "none") ? value : NULL;
        return 0;
}

/* Ids of what it plays, "C05 F01": others count them. */
static int check_ids(void *field, const char *value) {
        for (const char *id = value; ; id += 4) {
                if (id[0] < 'A' || id[0] > 'Z' || strspn(id + 1, "0123456789") != 2)
                        return -EINVAL;
                if (!id[3])
                        return 0;
                if (id[3] != ' ')
                        return -EINVAL;
        }
}

static int set_truth(void *field, const char *value) {
        *(bool *) field = !strcmp(value, "yes");
        return !strcmp(value, "yes") || !strcmp(value, "no") ? 0 : -EINVAL;
}

static int set_security(void *field, const char *value) {
        *(int *) field = md_security_from_string(value);
        return *(int *) field;
}

static int set_depth(void *field, const char *value) {
        *(int *) field = md_depth_from_string(value);
        return *(int *) field;
}

static int set_scale(void *field, const char *value) {
        unsigned *scale = field;
        *scale = strtoul(value, NULL, 10);
        return *scale >= 1 && *scale <= 1000 ? 0 : -EINVAL;
}

static int set_modes(void *field, const char *value) {
        static const char *const names[_MODE_MAX] = { "whole", "bytes", "cut" };
        bool *modes = field, any = false;

        for (size_t i = 0; i < _MODE_MAX; i++) {
                modes[i] = strstr(value, names[i]);
                any = any || modes[i];
        }
        return any ? 0 : -EINVAL;
}

static const struct {
        const char *key;
        int (*set)(void *field, const char *value);
        size_t offset;
} header_keys[] = {
        { "title",           set_text,        offsetof(Script, title)           },
        { "covers",          check_ids,       0                                 },
        { "plugin",          set_text,        offsetof(Script, plugin)          },
        { "host",            set_text,        offsetof(Script, host)            },
        { "user",            set_text,        offsetof(Script, user)            },
        { "secret",          set_text,        offsetof(Script, secret)          },
        { "address",         set_text,        offsetof(Script, address)         },
        { "mechanisms",      set_text,        offsetof(Script, mechanisms)      },
        { "fails",           set_text,        offsetof(Script, fails)           },
        { "tls",             set_certificate, offsetof(Script, certificate)     },
        { "token",           set_truth,       offsetof(Script, token)           },
        { "allow-cleartext", set_truth,       offsetof(Script, allow_cleartext) },
        { "security",        set_security,    offsetof(Script, security)        },
        { "also",            set_security,    offsetof(Script, also)            },
        { "depth",           set_depth,       offsetof(Script, depth)           },
        { "scale",           set_scale,       offsetof(Script, scale)           },
        { "modes",           set_modes,       offsetof(Script, modes)           },
};

static int read_header(Reader *reader, char *key) {
        char *value = strchr(key, ':');
        if (!value)
                return complain(reader, "a header line is \"key: value\"", key);
        *value++ = '\0';
        value += strspn(value, " ");

        for (size_t i = 0; i < sizeof(header_keys) / sizeof(header_keys[0]); i++) {
                if (strcmp(key, header_keys[i].key))
                        continue;
                if (header_keys[i].set((char *) reader->script + header_keys[i].offset, value) < 0)
                        return complain(reader, "bad value", value);
                return 0;
        }
        return complain(reader, "unknown key", key);
}

/* ---- conversation ---- */

static const struct {
        const char *word;
        StepKind kind;
        bool number, text;
} step_words[] = {
        { "S:",         STEP_SAY,        false, true  },
        { "C:",         STEP_HEAR,       false, true  },
        { "C~",         STEP_HEAR_LIKE,  false, true  },
        { "INJECT",     STEP_INJECT,     false, true  },
        { "RAW",        STEP_RAW,        false, true  },
        { "REPEAT",     STEP_REPEAT,     true,  true  },
        { "FLOOD",      STEP_FLOOD,      false, true  },
        { "DRIP",       STEP_DRIP,       true,  true  },
        { "DELAY",      STEP_DELAY,      true,  false },
        { "TLS",        STEP_TLS,        false, false },
        { "STALL",      STEP_STALL,      false, false },
        { "CUT",        STEP_CUT,        false, false },
        { "CLOSE",      STEP_CLOSE,      false, false },
        { "RESET",      STEP_RESET,      false, false },
        { "CONNECTION", STEP_CONNECTION, false, false },
};

static int add_step(Reader *reader, size_t word, char *rest) {
        Script *s = reader->script;
        Step step = { .kind = step_words[word].kind, .line = reader->line };

        if (s->n_steps >= SCRIPT_LINES_MAX)
                return complain(reader, "the conversation is too long", NULL);
        if (step_words[word].number) {
                char *end;
                step.number = strtoul(rest, &end, 10);
                if (end == rest || (*end && *end != ' '))
                        return complain(reader, "a number belongs here", rest);
                rest = *end ? end + 1 : end;
        }
        if (!step_words[word].text && *rest)
                return complain(reader, "nothing may stand behind this word", rest);

        step.text = rest;
        s->steps[s->n_steps++] = step;
        return 0;
}

/* ---- expectations ---- */

static const struct {
        char word, mark;
        ExpectKind kind;
} expect_words[] = {
        { 'F', ':', EXPECT_FINDING       },
        { 'F', '!', EXPECT_NO_FINDING    },
        { 'N', ':', EXPECT_NOTHING_WRONG },
        { 'L', ':', EXPECT_LOGIN         },
        { 'V', ':', EXPECT_FACT          },
        { 'R', ':', EXPECT_RECORD        },
        { 'R', '!', EXPECT_NO_RECORD     },
        { 'P', ':', EXPECT_SECRET        },
};

static bool is_one_of(const char *text, const char *const *words) {
        for (; *words; words++)
                if (!strcmp(text, *words))
                        return true;
        return false;
}

static int check_expect(const Reader *reader, const Expect *expect) {
        static const char *const logins[] = { "ok", "refused", "not-tried", NULL };
        static const char *const places[] = { "never", "tls", "clear", NULL };
        static const char *const nothing[] = { "none", NULL };

        if (expect->kind == EXPECT_LOGIN && !is_one_of(expect->text, logins))
                return complain(reader, "a login ends \"ok\", \"refused\" or \"not-tried\"", expect->text);
        if (expect->kind == EXPECT_SECRET && !is_one_of(expect->text, places))
                return complain(reader, "a secret is seen \"never\", in \"tls\" or in \"clear\"",
                                expect->text);
        if (expect->kind == EXPECT_NOTHING_WRONG && !is_one_of(expect->text, nothing))
                return complain(reader, "write \"N: none\"", expect->text);
        if (!*expect->text)
                return complain(reader, "an expectation is missing", NULL);
        return 0;
}

/* F: text, F[tls]: text.  Returns 1 when the line is an expectation. */
static int read_expect(Reader *reader, char *line) {
        Script *s = reader->script;
        Expect expect = { .line = reader->line, .security = -1 };
        char *mark = line + 1;

        if (*mark == '[') {
                char *end = strchr(mark, ']');
                if (!end)
                        return complain(reader, "the bracket is not closed", line);
                *end = '\0';
                expect.security = md_security_from_string(mark + 1);
                if (expect.security < 0)
                        return complain(reader, "no such security", mark + 1);
                mark = end + 1;
        }
        for (size_t i = 0; i < sizeof(expect_words) / sizeof(expect_words[0]); i++) {
                if (line[0] != expect_words[i].word || *mark != expect_words[i].mark)
                        continue;
                if (s->n_expects >= SCRIPT_LINES_MAX)
                        return complain(reader, "too many expectations", NULL);
                expect.kind = expect_words[i].kind;
                expect.text = mark + 1 + strspn(mark + 1, " ");
                int r = check_expect(reader, &expect);
                if (r < 0)
                        return r;
                s->expects[s->n_expects++] = expect;
                return 1;
        }
        return 0;
}

static int read_line(Reader *reader, char *line) {
        for (size_t i = 0; i < sizeof(step_words) / sizeof(step_words[0]); i++) {
                size_t n = strlen(step_words[i].word);
                if (strncmp(line, step_words[i].word, n) || (line[n] && line[n] != ' '))
                        continue;
                return add_step(reader, i, line + n + (line[n] == ' '));
        }
        int r = read_expect(reader, line);
        if (r != 0)
                return r < 0 ? r : 0;
        return complain(reader, "unknown line", line);
}

/* ---- the whole ---- */

static int check_script(Reader *reader) {
        const Script *s = reader->script;
        bool judged = false;

        for (size_t i = 0; i < s->n_expects; i++)
                judged = judged || s->expects[i].kind == EXPECT_FINDING ||
                         s->expects[i].kind == EXPECT_NOTHING_WRONG;
        if (!s->title || !s->plugin || s->security < 0)
                return complain(reader, "title, plugin and security are needed", NULL);
        if (!judged)
                return complain(reader, "a script expects something: F: or N:", NULL);
        return 0;
}

static int read_all(Reader *reader) {
        bool header = true;
        char *next = reader->script->content;

        while (next) {
                char *line = strsep(&next, "\n");
                reader->line++;
                if (*line == '#')
                        continue;
                if (!*line) {
                        header = header && !reader->script->title;
                        continue;
                }
                int r = header ? read_header(reader, line) : read_line(reader, line);
                if (r < 0)
                        return r;
        }
        return check_script(reader);
}

static char *load(const char *path) {
        FILE *file = fopen(path, "re");
        char *content = calloc(1, SCRIPT_SIZE_MAX + 1);

        if (!file || !content) {
                fprintf(stderr, "%s: %m\n", path);
                if (file)
                        fclose(file);
                free(content);
                return NULL;
        }
        size_t size = fread(content, 1, SCRIPT_SIZE_MAX, file);
        content[size] = '\0';
        fclose(file);
        return content;
}

Script *script_new(const char *path) {
        const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
        Script *script = calloc(1, sizeof(Script));
        if (!script)
                return NULL;

        *script = (Script) {
                .path = strdup(path), .name = strndup(base, strcspn(base, ".")), .content = load(path),
                .host = "mail.example.org", .certificate = "good", .user = "alice@example.org",
                .secret = "Corr3ct-H0rse", .address = "", .security = -1, .also = -1, .depth = MD_DEPTH_FULL,
                .scale = 1, .modes = { true, true, true },
        };
        Reader reader = { .script = script };
        if (!script->path || !script->name || !script->content || read_all(&reader) < 0)
                return script_free(script);
        if (script->address && !*script->address)
                script->address = script->user;
        return script;
}

Script *script_free(Script *script) {
        if (!script)
                return NULL;
        free(script->path);
        free(script->name);
        free(script->content);
        free(script);
        return NULL;
}

const Step *script_section(const Script *script, size_t n, size_t *ret_n_steps) {
        size_t start = 0;

        for (; n > 0; n--) {
                while (start < script->n_steps && script->steps[start].kind != STEP_CONNECTION)
                        start++;
                if (start++ >= script->n_steps)
                        return NULL;
        }
        size_t end = start;
        while (end < script->n_steps && script->steps[end].kind != STEP_CONNECTION)
                end++;
        *ret_n_steps = end - start;
        return script->steps + start;
}

unsigned script_cuts(const Script *script) {
        size_t n_steps;
        const Step *steps = script_section(script, 0, &n_steps);
        unsigned cuts = 0;

        for (size_t i = 0; i < n_steps; i++)
                cuts += steps[i].kind == STEP_SAY || steps[i].kind == STEP_REPEAT;
        return cuts;
}
