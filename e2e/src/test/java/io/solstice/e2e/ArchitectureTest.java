package io.solstice.e2e;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaModifier.SYNCHRONIZED;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The arrows of docs/architecture.md, and the habits of the house that class files can show. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.solstice");

    /** A module, its packages, and the modules that it may import. */
    private enum Module {
        PROTO(List.of("io.solstice.proto..")),
        COMMON(List.of("io.solstice.common.."), PROTO),
        FLIGHT_EXCHANGE(List.of("io.solstice.exchange.."), COMMON),
        CLIENT(
                List.of("io.solstice.api..", "io.solstice.spi..", "io.solstice.cli..", "io.solstice.testing.."),
                FLIGHT_EXCHANGE,
                COMMON,
                PROTO),
        WORKER(List.of("io.solstice.worker.."), CLIENT, FLIGHT_EXCHANGE, COMMON, PROTO),
        MASTER(List.of("io.solstice.master.."), COMMON, PROTO),
        EMBEDDED(List.of("io.solstice.embedded.."), MASTER, WORKER, CLIENT, FLIGHT_EXCHANGE, COMMON),
        FILES(List.of("io.solstice.connector.files.."), CLIENT, FLIGHT_EXCHANGE, COMMON),
        PARQUET(List.of("io.solstice.connector.parquet.."), FILES, CLIENT, FLIGHT_EXCHANGE, COMMON),
        LANCE(List.of("io.solstice.connector.lance.."), CLIENT, FLIGHT_EXCHANGE, COMMON),
        S3(List.of("io.solstice.connector.s3.."), COMMON),
        HDFS(List.of("io.solstice.connector.hdfs.."), COMMON),
        ROCKSDB(List.of("io.solstice.connector.rocksdb.."), COMMON),
        EXAMPLES(List.of("io.solstice.examples.."), CLIENT, FLIGHT_EXCHANGE, COMMON),
        STREAM(List.of("io.solstice.stream.."), CLIENT, FLIGHT_EXCHANGE, COMMON);

        private final String[] packages;
        private final Set<Module> mayImport;

        Module(List<String> packages, Module... mayImport) {
            this.packages = packages.toArray(new String[0]);
            this.mayImport = Set.of(mayImport);
        }

        private String[] forbidden() {
            return EnumSet.allOf(Module.class).stream()
                    .filter(other -> other != this && !mayImport.contains(other))
                    .flatMap(other -> Stream.of(other.packages))
                    .toArray(String[]::new);
        }
    }

    /** Sorts every package on its own. */
    private static final SliceAssignment BY_PACKAGE = new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
            return SliceIdentifier.of(javaClass.getPackageName());
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    };

    @TestFactory
    Stream<DynamicTest> modulesImportAlongTheArrowsOnly() {
        return Stream.of(Module.values())
                .map(module -> DynamicTest.dynamicTest(
                        module.name(),
                        () -> noClasses()
                                .that()
                                .resideInAnyPackage(module.packages)
                                .should()
                                .dependOnClassesThat()
                                .resideInAnyPackage(module.forbidden())
                                .check(CLASSES)));
    }

    @Test
    void everyClassBelongsToAModule() {
        String[] all = Stream.of(Module.values())
                .flatMap(module -> Stream.of(module.packages))
                .toArray(String[]::new);
        classes().should().resideInAnyPackage(all).check(CLASSES);
    }

    @Test
    void packagesFormNoCircles() {
        slices().assignedFrom(BY_PACKAGE).should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void theMasterSeesNoDataAndNoUserCode() {
        noClasses()
                .that()
                .resideInAnyPackage("io.solstice.master..", "io.solstice.common..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.arrow..")
                .check(CLASSES);
    }

    /** Events in, actions out: whole clusters are simulated on one thread, so nothing else may play a part. */
    @Test
    void theDecidingCodeIsPure() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "io.solstice.master.job..", "io.solstice.master.cluster..", "io.solstice.worker.control..")
                .should()
                .dependOnClassesThat(describe("are threads, I/O or clocks", ArchitectureTest::isOutsideWorld))
                .check(CLASSES);
    }

    private static boolean isOutsideWorld(JavaClass type) {
        return type.getPackageName().startsWith("java.util.concurrent")
                || type.getPackageName().startsWith("java.io")
                || type.getPackageName().startsWith("java.nio")
                || type.getPackageName().startsWith("java.net")
                || type.getPackageName().startsWith("java.time")
                || type.getPackageName().startsWith("org.slf4j")
                || type.getPackageName().startsWith("io.solstice.common.loop")
                || type.isEquivalentTo(Thread.class)
                || type.isEquivalentTo(System.class);
    }

    @TestFactory
    Stream<DynamicTest> thirdPartiesStayBehindTheirDoor() {
        return Stream.of(
                        List.of("org.duckdb..", "io.solstice.connector.parquet.."),
                        List.of("org.lance..", "io.solstice.connector.lance.."),
                        List.of("software.amazon.awssdk..", "io.solstice.connector.s3.."),
                        List.of("org.apache.hadoop..", "io.solstice.connector.hdfs.."),
                        List.of("org.rocksdb..", "io.solstice.connector.rocksdb.."),
                        List.of("org.h2..", "io.solstice.worker.store.."),
                        List.of("de.siegmar..", "io.solstice.connector.files.."),
                        List.of("org.apache.datasketches..", "io.solstice.worker.aggregate.."),
                        List.of("org.snakeyaml..", "io.solstice.cli..", "io.solstice.common.config.."))
                .map(door -> DynamicTest.dynamicTest(
                        door.get(0),
                        () -> noClasses()
                                .that()
                                .resideOutsideOfPackages(door.stream().skip(1).toArray(String[]::new))
                                .should()
                                .dependOnClassesThat()
                                .resideInAPackage(door.get(0))
                                .check(CLASSES)));
    }

    @Test
    void nothingIsSerialisedByJava() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\.Object(Input|Output)(Stream)?")
                .check(CLASSES);
    }

    @Test
    void timeComesFromTheClock() {
        noCalls(
                        System.class,
                        Set.of("currentTimeMillis", "nanoTime"),
                        // the one place that reads the machine's clock
                        "io.solstice.common.loop.Clock",
                        // paces rows a second against real time, which no test simulates
                        "io.solstice.worker.builtin.Generator")
                .check(CLASSES);
    }

    @Test
    void nobodySleeps() {
        // the example of a slow source, which users copy
        noCalls(Thread.class, Set.of("sleep"), "io.solstice.examples.workflows.NumberSource")
                .check(CLASSES);
    }

    /** Of any class but the named ones and those inside of them. */
    private static ArchRule noCalls(Class<?> owner, Set<String> methods, String... except) {
        List<String> exempt = new ArrayList<>(List.of(except));
        DescribedPredicate<JavaClass> others = describe(
                "are not exempt",
                type -> exempt.stream()
                        .noneMatch(name ->
                                type.getName().equals(name) || type.getName().startsWith(name + "$")));
        DescribedPredicate<JavaCall<?>> call = describe(
                owner.getSimpleName() + "." + methods,
                target -> target.getTargetOwner().isEquivalentTo(owner) && methods.contains(target.getName()));
        return noClasses().that(others).should().callCodeUnitWhere(call);
    }

    @Test
    void threadsMeetInQueuesNotInLocks() {
        methods()
                .that()
                // the progress thread redraws a terminal on which any thread may log
                .areNotDeclaredIn("io.solstice.cli.LiveScreen")
                .should()
                .notHaveModifier(SYNCHRONIZED)
                .check(CLASSES);
    }

    @Test
    void namesSayWhatAThingIs() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .check(CLASSES);
    }
}
