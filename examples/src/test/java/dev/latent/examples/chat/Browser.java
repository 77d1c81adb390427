package dev.latent.examples.chat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A Chromium without a window, and the words of a test that looks at the chat's page. */
public final class Browser implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** To look at what there are no words for here. */
    public final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** {@return a browser; where there is none on this machine, the test is skipped, but not in continuous integration} */
    public static Browser start() {
        Optional<Path> chromium = onPath("chromium", "chromium-browser", "google-chrome");
        Optional<Path> chromedriver = onPath("chromedriver");
        if (chromium.isEmpty() || chromedriver.isEmpty()) {
            String why = "no chromium and chromedriver on the PATH; tools/install-browser installs them";
            if (System.getenv("CI") != null) {
                throw new IllegalStateException(why);
            }
            System.err.println("skipped: " + why);
            Assumptions.abort(why);
        }
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.orElseThrow().toFile());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu");
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(chromedriver.orElseThrow().toFile())
                .usingAnyFreePort()
                .build();
        return new Browser(new ChromeDriver(service, options));
    }

    private static Optional<Path> onPath(String... names) {
        List<String> folders = Arrays.asList(System.getenv("PATH").split(File.pathSeparator));
        return Arrays.stream(names)
                .flatMap(name -> folders.stream().map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    public WebElement id(String id) {
        return driver.findElement(By.id(id));
    }

    public String text(String id) {
        return id(id).getText();
    }

    /** What the list says, line by line, without times. */
    public List<String> lines() {
        return lines("#lines li");
    }

    /** Those of them that {@code selector} picks. What goes away while it is looked at was not there. */
    public List<String> lines(String selector) {
        while (true) {
            try {
                return driver.findElements(By.cssSelector(selector)).stream()
                        .map(line -> line.getText()
                                .replaceAll("\\d+:\\d+( [AP]M)?", "")
                                .strip())
                        .toList();
            } catch (StaleElementReferenceException e) {
                // look again
            }
        }
    }

    public void type(String id, String text) {
        id(id).clear();
        id(id).sendKeys(text);
    }

    public void say(String text) {
        type("text", text);
        id("text").submit();
    }

    public void join(String room, String nick) {
        type("room", room);
        type("nick", nick);
        id("join").click();
    }

    public void waitFor(String what, java.util.function.BooleanSupplier condition) {
        new WebDriverWait(driver, PATIENCE)
                .withMessage(() -> what + "; the page says "
                        + driver.findElement(By.tagName("body")).getText())
                .until(_ -> condition.getAsBoolean());
    }

    public void waitForLine(String line) {
        waitFor("a line: " + line, () -> lines().contains(line));
    }

    public void size(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    public void scheme(String scheme) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** Into {@code target/pictures}. */
    public void picture(String name) throws IOException {
        Path file = Path.of("target", "pictures", name + ".png");
        Files.createDirectories(file.getParent());
        Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    }

    @Override
    public void close() {
        driver.quit();
    }
}
