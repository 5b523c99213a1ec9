package io.mayfly.server;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.mayfly.actors.journal.JournaledActor;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The arrows of docs/ARCHITECTURE.md that Maven cannot forbid. */
final class ArchitectureTest {
  private static final JavaClasses MAYFLY =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.mayfly");

  @Test
  void import_findsEveryModule() {
    for (String module :
        List.of("protocol", "actors", "persistence", "sharding", "http", "server", "cli")) {
      assertThat(MAYFLY).anyMatch(c -> c.getPackageName().startsWith("io.mayfly." + module));
    }
  }

  @Test
  void protocol_seesNoLibraryButAnnotations() {
    sees(
        "io.mayfly.protocol..",
        "java..",
        "org.jspecify..",
        "com.fasterxml.jackson.annotation..",
        "io.mayfly.protocol..");
  }

  @Test
  void modules_seeOnlyWhatIsDrawn() {
    hides("io.mayfly.actors..", "persistence", "sharding", "http", "server");
    hides("io.mayfly.persistence..", "actors", "sharding", "http", "server");
    hides("io.mayfly.sharding..", "persistence", "http", "server");
    hides("io.mayfly.http..", "actors", "persistence", "sharding", "server");
  }

  @Test
  void commandLine_seesNoOtherModule() {
    sees(
        "io.mayfly.cli..",
        "java..",
        "org.jspecify..",
        "com.fasterxml.jackson..",
        "picocli..",
        "io.mayfly.cli..");
    for (String module :
        List.of("protocol", "actors", "persistence", "sharding", "http", "server")) {
      hides("io.mayfly." + module + "..", "cli");
    }
  }

  @Test
  void rules_seeNoPekkoAndNoLogger() {
    ArchRule rule =
        noClasses()
            .that(
                resideInAnyPackage(
                    "io.mayfly.actors.entry..",
                    "io.mayfly.actors.lease..",
                    "io.mayfly.actors.patch.."))
            .and(
                DescribedPredicate.not(
                    simpleNameEndingWith("Entity")
                        .or(DescribedPredicate.describe("hosts", ArchitectureTest::hostsRules))))
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.apache.pekko..", "org.slf4j.."));

    rule.check(MAYFLY);
  }

  @Test
  void production_readsTheWallClockInOnePlace() {
    ArchRule rule =
        noClasses()
            .that()
            .doNotHaveFullyQualifiedName("io.mayfly.protocol.time.SteadyClock")
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class);

    rule.check(MAYFLY);
  }

  @Test
  void entities_areFinal() {
    classes()
        .that()
        .areAssignableTo(EventSourcedBehavior.class)
        .or()
        .areAssignableTo(JournaledActor.class)
        .and()
        .doNotHaveFullyQualifiedName(JournaledActor.class.getName())
        .should()
        .haveModifier(JavaModifier.FINAL)
        .andShould()
        .haveSimpleNameEndingWith("Entity")
        .check(MAYFLY);
  }

  @Test
  void packages_areNullMarked() {
    for (JavaClass type : MAYFLY) {
      assertThat(type.getPackage().tryGetPackageInfo())
          .as("package-info of %s", type.getPackageName())
          .hasValueSatisfying(info -> assertThat(info.isAnnotatedWith(NullMarked.class)).isTrue());
    }
  }

  /** The shells, and what only they use. */
  private static boolean hostsRules(JavaClass type) {
    return List.of(
            "EntryRequest",
            "Residents",
            "Resident",
            "Timekeeper",
            "LeaseRequest",
            "Alarm",
            "WaitingRoom")
        .contains(type.getSimpleName());
  }

  private static void hides(String module, String... others) {
    String[] packages = new String[others.length];
    for (int i = 0; i < others.length; i++) {
      packages[i] = "io.mayfly." + others[i] + "..";
    }
    noClasses()
        .that()
        .resideInAPackage(module)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages)
        .check(MAYFLY);
  }

  private static void sees(String module, String... allowed) {
    classes()
        .that()
        .resideInAPackage(module)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed)
        .check(MAYFLY);
  }
}
