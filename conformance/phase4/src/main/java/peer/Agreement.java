package peer;

import com.helger.base.state.ETriState;
import com.helger.phase4.CAS4;
import com.helger.phase4.model.EMEP;
import com.helger.phase4.model.EMEPBinding;
import com.helger.phase4.model.pmode.PMode;
import com.helger.phase4.model.pmode.PModeParty;
import com.helger.phase4.model.pmode.PModeReceptionAwareness;
import com.helger.phase4.model.pmode.leg.PModeLeg;
import com.helger.phase4.model.pmode.leg.PModeLegBusinessInformation;
import com.helger.phase4.model.pmode.leg.PModeLegErrorHandling;
import com.helger.phase4.model.pmode.leg.PModeLegProtocol;

/** The one P-Mode of this peer: Push, with the values of the profile; a second leg, since a message may answer another. */
final class Agreement {
  private Agreement() {}

  static PMode between(String initiator, String responder, Suite suite, boolean encrypt) {
    // Duplicates are detected; a repetition is the caller's business here, so that every try is seen.
    var awareness = new PModeReceptionAwareness(ETriState.TRUE, ETriState.FALSE, 0, 0, ETriState.TRUE);
    return new PMode("conformance", PModeParty.createSimple(initiator, CAS4.DEFAULT_INITIATOR_URL),
        PModeParty.createSimple(responder, CAS4.DEFAULT_RESPONDER_URL), "", EMEP.ONE_WAY, EMEPBinding.PUSH,
        leg(suite, encrypt), leg(suite, encrypt), null, awareness);
  }

  private static PModeLeg leg(Suite suite, boolean encrypt) {
    var errors = new PModeLegErrorHandling(null, null, ETriState.TRUE, ETriState.TRUE, ETriState.TRUE, ETriState.TRUE);
    var business = PModeLegBusinessInformation.create(null, CAS4.DEFAULT_ACTION_URL, null, CAS4.DEFAULT_MPC_ID);
    return new PModeLeg(PModeLegProtocol.createForDefaultSoapVersion(null), business, errors, null, suite.leg(encrypt));
  }
}
