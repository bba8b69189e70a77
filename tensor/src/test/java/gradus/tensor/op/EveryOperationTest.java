package gradus.tensor.op;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class EveryOperationTest {
    /// No operation without its proof: the oracle, the gradient check and the planted errors of [OpTest].
    @Test
    void hasItsTest() {
        JavaClasses operations = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("gradus.tensor.op");
        assertThat(operations).hasSizeGreaterThan(10);
        operations.stream()
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC) && type.isTopLevelClass())
                .filter(type -> !type.isRecord()) // settings of an operation
                .filter(type -> !type.isAssignableTo(OpTest.class))
                .forEach(type -> {
                    try {
                        Class<?> test = Class.forName(type.getName() + "Test");
                        assertThat(OpTest.class).as(type.getName()).isAssignableFrom(test);
                    } catch (ClassNotFoundException missing) {
                        throw new AssertionError(type.getName() + " has no test", missing);
                    }
                });
    }
}
