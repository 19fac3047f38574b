package dev.masque;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which way the code depends, and what a user of it gets to see. */
class ArchitectureTest {
    private static final String CORE = "dev.masque.core..";
    private static final String NETTY = "dev.masque.netty..";
    private static final String KWIK = "dev.masque.kwik..";
    private static final String CLIENT = "dev.masque.client..";
    private static final String SERVER = "dev.masque.server..";
    private static final String[] COMMAND = {"dev.masque.cli..", "dev.masque.examples.."};

    /** Exported for all: what their public classes show is the API. */
    private static final Set<String> API = Set.of(
            "dev.masque.core",
            "dev.masque.core.fields",
            "dev.masque.core.spi",
            "dev.masque.core.wire",
            "dev.masque.client",
            "dev.masque.client.event",
            "dev.masque.server",
            "dev.masque.server.access",
            "dev.masque.server.auth",
            "dev.masque.server.egress",
            "dev.masque.server.event",
            "dev.masque.server.location",
            "dev.masque.geohash",
            "dev.masque.geohash.maxmind",
            "dev.masque.privacypass",
            "dev.masque.privacypass.attest",
            "dev.masque.privacypass.blindrsa",
            "dev.masque.privacypass.http",
            "dev.masque.privacypass.redis",
            "dev.masque.privacypass.voprf",
            "dev.masque.privacypass.wallet",
            "dev.masque.ohttp",
            "dev.masque.ohttp.bhttp",
            "dev.masque.ohttp.client",
            "dev.masque.ohttp.gateway",
            "dev.masque.ohttp.relay");

    private static final JavaClasses CODE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("dev.masque");

    @Test
    void everyModuleIsLookedAt() {
        for (String part : new String[] {
            "core", "netty", "kwik", "client", "server", "geohash", "privacypass", "ohttp", "cli", "examples"
        }) {
            assertThat(CODE.stream().filter(type -> type.getPackageName().startsWith("dev.masque." + part)))
                    .as(part)
                    .isNotEmpty();
        }
    }

    @Test
    void theCoreNeedsNothingButTheJdk() {
        classes()
                .that()
                .resideInAPackage(CORE)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        CORE, "java..", "javax.net.ssl..", "javax.security.auth..", "org.slf4j..", "org.jspecify..")
                .check(CODE);
    }

    @Test
    void transportsKnowTheCoreAlone() {
        noClasses()
                .that()
                .resideInAPackage(NETTY)
                .should()
                .dependOnClassesThat(resideInAnyPackage(KWIK, CLIENT, SERVER).or(resideInAnyPackage(COMMAND)))
                .check(CODE);
        noClasses()
                .that()
                .resideInAPackage(KWIK)
                .should()
                .dependOnClassesThat(resideInAnyPackage(NETTY, CLIENT, SERVER).or(resideInAnyPackage(COMMAND)))
                .check(CODE);
    }

    @Test
    void endpointsKnowNoTransportAndNotEachOther() {
        noClasses()
                .that()
                .resideInAPackage(CLIENT)
                .should()
                .dependOnClassesThat(resideInAnyPackage(NETTY, KWIK, SERVER, "io.netty..", "tech.kwik..")
                        .or(resideInAnyPackage(COMMAND)))
                .check(CODE);
        noClasses()
                .that()
                .resideInAPackage(SERVER)
                .should()
                .dependOnClassesThat(resideInAnyPackage(NETTY, KWIK, CLIENT, "io.netty..", "tech.kwik..")
                        .or(resideInAnyPackage(COMMAND)))
                .check(CODE);
    }

    /** Each is of use without the rest, and without a transport. */
    @Test
    void whatIsNotATunnelStandsAlone() {
        for (String part : new String[] {"dev.masque.geohash..", "dev.masque.privacypass..", "dev.masque.ohttp.."}) {
            noClasses()
                    .that()
                    .resideInAPackage(part)
                    .should()
                    .dependOnClassesThat(resideInAnyPackage("dev.masque..").and(not(resideInAnyPackage(part))))
                    .check(CODE);
        }
    }

    @Test
    void theLibrariesUnderLgplStayInOneModule() {
        noClasses()
                .that()
                .resideOutsideOfPackage(KWIK)
                .should()
                .dependOnClassesThat(resideInAnyPackage("tech.kwik.."))
                .check(CODE);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.masque.(**)")
                .namingSlices("dev.masque.$1")
                .should()
                .beFreeOfCycles()
                .check(CODE);
    }

    @Test
    void nothingOfThirdPartiesIsInTheApi() {
        classes()
                .that(describedAs("are public in an exported package"))
                .should(new ArchCondition<>("show types of the JDK and of this project only") {
                    @Override
                    public void check(JavaClass type, ConditionEvents events) {
                        type.getMembers().stream()
                                .filter(ArchitectureTest::isSeen)
                                .forEach(member -> shown(member)
                                        .filter(ArchitectureTest::isForeign)
                                        .forEach(foreign -> events.add(SimpleConditionEvent.violated(
                                                member, member.getFullName() + " shows " + foreign))));
                    }
                })
                .check(CODE);
    }

    private static com.tngtech.archunit.base.DescribedPredicate<JavaClass> describedAs(String text) {
        return com.tngtech.archunit.base.DescribedPredicate.describe(
                text,
                type -> API.contains(type.getPackageName())
                        && type.getModifiers().contains(JavaModifier.PUBLIC));
    }

    private static boolean isSeen(JavaMember member) {
        return member.getModifiers().contains(JavaModifier.PUBLIC)
                || member.getModifiers().contains(JavaModifier.PROTECTED);
    }

    private static Stream<String> shown(JavaMember member) {
        if (member instanceof JavaCodeUnit unit) {
            Set<String> types = Stream.concat(
                            unit.getParameterTypes().stream().flatMap(type -> type.getAllInvolvedRawTypes().stream()),
                            Stream.concat(
                                    unit.getReturnType().getAllInvolvedRawTypes().stream(),
                                    unit.getExceptionTypes().stream()))
                    .map(JavaClass::getName)
                    .collect(Collectors.toSet());
            return types.stream();
        }
        return member.getAllInvolvedRawTypes().stream().map(JavaClass::getName);
    }

    private static boolean isForeign(String type) {
        String element = type.replaceAll("^\\[+L?|;$", "");
        return element.contains(".")
                && Stream.of("java.", "javax.", "com.sun.net.httpserver.", "dev.masque.")
                        .noneMatch(element::startsWith);
    }

    @Test
    void onlyTheCommandEndsTheProcessAndUsesTheConsole() {
        noClasses()
                .that(not(resideInAnyPackage(COMMAND)))
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(CODE);
    }

    @Test
    void threadsAreMadeInFewPlaces() {
        noClasses()
                .that(not(resideInAnyPackage(COMMAND)))
                .and(not(simpleName("Workers") // what blocks
                        .or(simpleName("Threads")) // of kwik, and of the transport in memory
                        .or(simpleName("Timer")) // of the client
                        .or(simpleName("ThreadTimer")) // of the server
                        .or(simpleName("Watchdog")) // of Oblivious HTTP
                        .or(simpleName("StallGuard")) // one for all streams of kwik
                        .or(simpleName("SerialExecutor")))) // a thread that is nobody's, never started
                .should()
                .callConstructorWhere(com.tngtech.archunit.core.domain.JavaCall.Predicates.target(
                        com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner(
                                com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo(Thread.class))))
                .check(CODE);
    }
}
