package dev.latent.pairs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A page of pairs. Under each of its headings stand blocks, whose first line says what they are: a language, and then
 *
 * <ul>
 *   <li>{@code imports} or {@code once}: what the programs of all headings of this page stand under, or are beside;
 *   <li>nothing: statements of an async body, which print; they run in virtual time where the language has that;
 *   <li>{@code real}: such statements in the machine's time, where other threads have a part in them;
 *   <li>{@code thread}: statements of a thread outside any executor, which print.
 * </ul>
 *
 * <p>Ours is {@code java}, what others do in Java is {@code java theirs}. The {@code text} block says what both sides print.
 */
record PairsPage(String name, List<Block> blocks) {
    static final String OURS = "java";

    /** The languages of blocks; one whose name another begins with stands behind that. */
    private static final List<String> LANGUAGES = List.of("java theirs", "kotlin", "rust", "go", OURS);

    enum Kind {
        IMPORTS,
        ONCE,
        BODY,
        REAL,
        THREAD
    }

    record Block(String heading, int line, String info, String text) {
        boolean isProgram() {
            return !info.equals("text");
        }

        String language() {
            return LANGUAGES.stream()
                    .filter(l -> info.equals(l) || info.startsWith(l + " "))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(line + ": what is a block of \"" + info + "\"?"));
        }

        Kind kind() {
            String rest = info.substring(language().length()).strip();
            return rest.isEmpty() ? Kind.BODY : Kind.valueOf(rest.toUpperCase(java.util.Locale.ROOT));
        }

        /** {@return whether it is one side of a pair} */
        boolean isSide() {
            return isProgram() && (kind() != Kind.IMPORTS && kind() != Kind.ONCE);
        }
    }

    static PairsPage read(Path file) throws IOException {
        List<Block> blocks = new ArrayList<>();
        List<String> lines = Files.readAllLines(file);
        String heading = "";
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (line.startsWith("#")) {
                heading = line.replaceFirst("#+ ", "");
            } else if (line.startsWith("```")) {
                int begin = ++i;
                while (!lines.get(i).equals("```")) {
                    i++;
                }
                String text = String.join("\n", lines.subList(begin, i)) + "\n";
                blocks.add(new Block(heading, begin, line.substring(3), text));
            }
        }
        return new PairsPage(file.getFileName().toString(), blocks);
    }

    /** {@return the headings under which there is a pair} */
    List<String> pairs() {
        return blocks.stream()
                .filter(b -> b.info.equals("text"))
                .map(Block::heading)
                .distinct()
                .toList();
    }

    /** {@return the languages of the page but ours} */
    List<String> others() {
        return LANGUAGES.stream()
                .filter(l -> !l.equals(OURS))
                .filter(l -> blocks.stream()
                        .anyMatch(b -> b.isProgram() && b.language().equals(l)))
                .toList();
    }

    /** {@return what both sides of a pair print} */
    String result(String heading) {
        List<String> results = blocks.stream()
                .filter(b -> b.heading.equals(heading) && b.info.equals("text"))
                .map(Block::text)
                .toList();
        if (results.size() != 1) {
            throw new AssertionError(heading + ": one result");
        }
        return results.getFirst();
    }

    /** {@return the sides of pairs that are in {@code language}} */
    List<Block> sides(String language) {
        return blocks.stream()
                .filter(b -> b.isSide() && b.language().equals(language))
                .toList();
    }

    /** {@return what {@code language} has of {@code kind}} */
    String all(String language, Kind kind) {
        StringBuilder all = new StringBuilder();
        for (Block block : blocks) {
            if (block.isProgram() && block.language().equals(language) && block.kind() == kind) {
                all.append(block.text).append('\n');
            }
        }
        return all.toString();
    }
}
