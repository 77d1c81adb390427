package dev.latent.web.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** What a page in Chromium sees of our server; what it does stands in {@code pages/page.js}. */
@Timeout(120)
class ChromiumTest {
    private static ChromeDriver driver;
    private static String home;

    private Service service;

    @BeforeAll
    static void startBrowser() {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(Program.onPath("chromium", "tools/install-browser").toFile());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu");
        ChromeDriverService chromedriver = new ChromeDriverService.Builder()
                .usingDriverExecutable(
                        Program.onPath("chromedriver", "tools/install-browser").toFile())
                .usingAnyFreePort()
                .build();
        driver = new ChromeDriver(chromedriver, options);
        driver.manage().timeouts().scriptTimeout(Duration.ofSeconds(60));
        home = driver.getWindowHandle();
    }

    @AfterAll
    static void endBrowser() {
        if (driver != null) {
            driver.quit();
        }
    }

    /** Each test has a tab of its own. */
    @BeforeEach
    void open() throws Exception {
        service = Service.start();
        driver.switchTo().newWindow(WindowType.TAB);
        driver.get("http://127.0.0.1:" + service.port() + "/pages/page.html");
    }

    @AfterEach
    void end() throws Exception {
        if (driver.getWindowHandles().size() > 1) {
            driver.close();
        }
        driver.switchTo().window(home);
        service.close();
    }

    private static void assertSeen(String lines, String function) {
        Object seen = driver.executeAsyncScript("const done = arguments[0]; " + function
                + "().then(lines => done(lines.join('\\n')), e => done(String(e)))");
        assertEquals(lines, seen);
    }

    @Test
    void streamsAreReadAsTheyComeAndDroppedWhenThePageHasEnough() throws Exception {
        assertSeen("3000001 bytes, true, many pieces\ntick: 0", "streams");
        service.tally.until("trickles ended", 1);
        service.tally.until("streams ended", 1);
    }

    @Test
    void anEventSourceComesBackForTheNextEvent() throws Exception {
        assertSeen("""
                1: "1\\n ✓"
                2: "2\\n ✓"
                3: "3\\n ✓"
                4: "4\\n ✓"
                5: "5\\n ✓"
                6: "6\\n ✓"
                7: "7\\n ✓\"""", "events");
        for (String last : new String[] {"null", "3", "6"}) {
            assertEquals(1, service.tally.of("events after " + last));
        }
    }

    @Test
    void webSockets() throws Exception {
        assertSeen("""
                v1.echo, permessage-deflate; server_no_context_takeover; client_no_context_takeover
                200 echoes
                5 MB true
                close 4000  true
                /close/3001  3001 as you like it ✓
                /round-trip  1000 ten round trips
                /refused  1006\s
                /echo v0.echo 1006\s""", "sockets");
        service.tally.until("ended", 2);
        assertEquals(100, service.tally.of("texts"));
        assertEquals(101, service.tally.of("binaries"));
        assertEquals(10, service.tally.of("round trips"));
        assertEquals(1, service.tally.of("closed 4000 enough ✓"));
    }

    @Test
    void uploads() throws Exception {
        assertSeen(
                "who=[Ada ✓]\npicture: ü %22p%22.png image/png " + Service.told(Service.pattern(2_000_000))
                        + "\n{a=[1 & 2], b=[✓]}\n" + Service.told(Service.pattern(4_000_003)),
                "forms");
    }

    @Test
    void aFormOfThePage(@TempDir Path folder) throws Exception {
        Path note = Files.writeString(folder.resolve("note ✓.txt"), "line\nline\n");
        driver.findElement(By.name("who")).sendKeys("Ada");
        driver.findElement(By.name("note")).sendKeys(note.toString());
        driver.findElement(By.tagName("button")).click();
        new WebDriverWait(driver, Duration.ofSeconds(20))
                .until(_ -> driver.getCurrentUrl().endsWith("/form"));
        assertEquals(
                "who=[Ada]\nnote: note ✓.txt text/plain " + Service.told("line\nline\n".getBytes()),
                driver.findElement(By.tagName("body")).getText());
    }

    @Test
    void filesAreCompressedAndAskedForAgainAndReadInParts() throws Exception {
        Files.writeString(service.files.resolve("text.txt"), "0123456789".repeat(1_000));
        assertSeen("200 gzip 10000\n200 gzip 10000\n206 bytes 3-5/10000 345", "files");
    }

    @Test
    void whoClosesThePageIsServedNoMore() throws Exception {
        assertSeen("under way", "leave");
        service.tally.until("never", 1);
        driver.close();
        for (String name : List.of("never", "held", "trickles")) {
            assertEquals(1, service.tally.of(name));
            service.tally.until(name + " ended", 1);
        }
        service.tally.until("ended", 1);
    }
}
