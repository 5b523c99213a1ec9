package io.mayfly.http.admission;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * The bounds of the door, from {@code mayfly.http.admission}.
 *
 * @param inFlightMax the ceiling above every limit that is found, from {@code in-flight-max}
 * @param queueMax how many requests may wait beyond those that are worked on without a wait
 * @param reserve the share of the limit that is kept for ends and renewals
 * @param refusalsPerSecond how many overload refusals a second go out at once
 * @param refusalWaitMax the longest that a refusal is held back
 * @param refusalsWaitingMax how many are held back at a time
 */
public record AdmissionSettings(
    int inFlightMax,
    int queueMax,
    double reserve,
    int refusalsPerSecond,
    Duration refusalWaitMax,
    int refusalsWaitingMax) {

  /** Reads the settings of {@code mayfly.http}. */
  public static AdmissionSettings from(Config http) {
    Config admission = http.getConfig("admission");
    return new AdmissionSettings(
        http.getInt("in-flight-max"),
        admission.getInt("queue-max"),
        admission.getDouble("reserve"),
        admission.getInt("refusals-per-second"),
        admission.getDuration("refusal-wait-max"),
        admission.getInt("refusals-waiting-max"));
  }
}
