package dev.latent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One clear line, and an exit code that is not 0. */
class BadInputTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --nope                     | latent: Unknown option: '--nope' (try latent --help)
            nope                       | latent: there is no command nope (try latent --help)
            compres                    | latent: there is no command compres; did you mean compress? (try latent --help)
            demmo --seconds 1          | latent: there is no command demmo; did you mean demo? (try latent --help)
            demo twice                 | latent demo: 'twice' is one argument too many (try latent demo --help)
            demo --connections x       | latent demo: Invalid value for option '--connections': 'x' is not an int (try latent demo --help)
            demo --connections 0       | latent demo: --connections is to be from 1 to 1,000,000, not 0 (try latent demo --help)
            demo --connections 1000001 | latent demo: --connections is to be from 1 to 1,000,000, not 1,000,001 (try latent demo --help)
            demo --seconds 0           | latent demo: --seconds is to be from 1 to 3,600, not 0 (try latent demo --help)
            bench timer                | latent bench: there is no benchmark timer; did you mean timers? There are executor, timers, memory, channels, locks, futures, websocket, idle, broadcast, deflate, http, file, attacks, frames, chain, compile, compress, web (try latent bench --help)
            bench nosuch               | latent bench: there is no benchmark nosuch; there are executor, timers, memory, channels, locks, futures, websocket, idle, broadcast, deflate, http, file, attacks, frames, chain, compile, compress, web (try latent bench --help)
            bench --rounds 0           | latent bench: --rounds is to be from 1 to 1,000, not 0 (try latent bench --help)
            bench idle --systems go    | latent bench: there is no system go here; there are Latent, fastwebsockets, netty-nio, netty-epoll (try latent bench --help)
            bench idle --rows nope     | latent bench: nothing has "nope" in its title; there are: 10,000 idle connections (try latent bench --help)
            lab modles                 | latent lab: there is no experiment modles; did you mean models? There are models, crossover, costs, computing (try latent lab --help)
            lab nosuch                 | latent lab: there is no experiment nosuch; there are models, crossover, costs, computing (try latent lab --help)
            chat --port 65536          | latent chat: --port is to be from 0 to 65,535, not 65,536 (try latent chat --help)
            chat --history x           | latent chat: --history is for --bus; without, what was said is kept in memory (try latent chat --help)
            chat --bus kafka           | latent chat: --bus stands in a module of its own, and only the script latent builds it: ./latent chat --bus … (try latent chat --help)
            chat --public a:1          | latent chat: --public is for --bus; there are no other nodes without (try latent chat --help)
            chat --bus kafka --public a | latent chat: --public: a is no HOST:PORT (try latent chat --help)
            demo --nodes 17            | latent demo: --nodes is to be from 0 to 16, not 17 (try latent demo --help)
            demo --bus kafka           | latent demo: --bus is for --nodes (try latent demo --help)
            demo --nodes 3             | latent demo: --nodes stands in a module of its own, and only the script latent builds it: ./latent demo --nodes 3 (try latent demo --help)
            merge                      | latent: merge stands in a module of its own, and only the script latent builds it: ./latent merge (try latent --help)
            weave                      | latent weave: Missing required parameter: 'FOLDER-OR-JAR' (try latent weave --help)
            explain lock-acros-await   | latent explain: there is no diagnostic lock-acros-await; did you mean lock-across-await? (try latent explain --help)
            explain nosuch             | latent explain: there is no diagnostic nosuch; without a name all are listed (try latent explain --help)
            explain not-send not-woven | latent explain: 'not-woven' is one argument too many (try latent explain --help)
            run                        | latent run: Missing required parameter: 'FILE.java' (try latent run --help)
            demo --most 5              | latent demo: --most is for --compare (try latent demo --help)
            demo --compare --memory 9  | latent demo: --memory is to be from 100 to 1,000,000, not 9 (try latent demo --help)
            """)
    void usage(String arguments, String line) throws Exception {
        Latent.Ended ended = Latent.run(arguments.split(" "));
        assertEquals(line + System.lineSeparator(), ended.err());
        assertEquals("", ended.out());
        assertEquals(Main.USAGE, ended.code());
    }

    @Test
    void noCommand() throws Exception {
        Latent.Ended ended = Latent.run();
        assertEquals(
                "latent: a command is missing, one of demo, bench, lab, advise, chat, learn, run, weave, explain, tasks, compress, merge, physics (try latent --help)",
                ended.err().strip());
        assertEquals(Main.USAGE, ended.code());
    }

    @Test
    void aFileThatDoesNotExist() throws Exception {
        failsWith("latent run: no such file: nope.java", "run", "nope.java");
    }

    @Test
    void aFileThatIsNoSource() throws Exception {
        Path file = Files.writeString(folder.resolve("notes.txt"), "");
        failsWith("latent run: not a Java source file, its name is to end with .java: " + file, "run", file.toString());
    }

    @Test
    void aFileThatDoesNotCompile() throws Exception {
        Path file = Files.writeString(folder.resolve("Bad.java"), "void main() { int x = \"a\"; }\n");
        Latent.Ended ended = Latent.run("run", file.toString());
        assertTrue(ended.err().startsWith(file + ":1: error: incompatible types"), ended.err());
        assertFalse(ended.err().contains("\tat "), ended.err());
        assertEquals(1, ended.code());
    }

    @Test
    void aClassWithoutMain() throws Exception {
        Path file = Files.writeString(folder.resolve("A.java"), "class A {}\n");
        failsWith("latent run: there is no main method in class A of " + file, "run", file.toString());
    }

    @Test
    void aPageThatCannotBeWritten() throws Exception {
        failsWith(
                "latent bench: cannot write nope/x.html: there is no folder "
                        + Path.of("nope").toAbsolutePath() + ", make it or name another",
                "bench",
                "chain",
                "--html",
                "nope/x.html");
        failsWith(
                "latent bench: cannot write " + folder + ": it is a folder, name a file in it",
                "bench",
                "chain",
                "--html",
                folder.toString());
        failsWith("latent bench: cannot write the page: name a file", "bench", "chain", "--html", "");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        class A { A(int x) {} void main() {} }
        class A { private A() {} void main() {} }
        abstract class A { void main() {} }
        enum A { ONE; void main() {} }
        """)
    void aMainWithoutItsObject(String source) throws Exception {
        Path file = Files.writeString(folder.resolve("A.java"), source);
        failsWith(
                "latent run: main of class A of " + file
                        + " needs an object, and there is none without arguments: make main static",
                "run",
                file.toString());
    }

    @Test
    void anOutputThatIsFull() throws Exception {
        Path full = Path.of("/dev/full");
        Assumptions.assumeTrue(Files.exists(full));
        for (String[] arguments :
                new String[][] {{"--version"}, {"bench", "--help"}, {"bench", "executor", "--commands"}}) {
            Latent.Ended ended = Latent.end(Latent.startInto(full, arguments));
            assertEquals(
                    "latent: what there is to say could not be written: the disk is full, or nobody reads it any more",
                    ended.err().strip());
            assertEquals(1, ended.code());
        }
    }

    @Test
    void whatCannotBeWoven() throws Exception {
        failsWith("latent weave: no such folder or jar: nope.jar", "weave", "nope.jar");
        Path notes = Files.writeString(folder.resolve("notes.jar"), "no jar");
        Latent.Ended ended = Latent.run("weave", notes.toString());
        assertTrue(ended.err().startsWith("latent weave: neither a folder nor a jar: " + notes), ended.err());
        assertEquals(1, ended.code());
        Path classes = Files.createDirectory(folder.resolve("classes"));
        Files.writeString(classes.resolve("A.class"), "no class");
        failsWith("latent weave: not a class file: A.class", "weave", classes.toString());
    }

    @Test
    void aPortInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String port = String.valueOf(taken.getLocalPort());
            failsWith(
                    "latent chat: cannot listen on 127.0.0.1:" + port
                            + ": port in use: choose another one, or stop the program that has it",
                    "chat",
                    "--port",
                    port);
        }
    }

    private static void failsWith(String line, String... arguments) throws Exception {
        Latent.Ended ended = Latent.run(arguments);
        assertEquals(line, ended.err().strip());
        assertEquals(1, ended.code());
    }
}
