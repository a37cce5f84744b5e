import CLibvirt

/// The part of a network's XML that a live update is for, see
/// https://libvirt.org/html/libvirt-libvirt-network.html#virNetworkUpdateSection.
///
/// libvirt names more parts than it can update; those are left out here.
public enum NetworkUpdateSection: Sendable, Hashable {
  /// `<host>` of `<ip><dhcp>`: a reserved address.
  case dhcpHost
  /// `<range>` of `<ip><dhcp>`: addresses to give away.
  case dhcpRange
  /// `<interface>` of `<forward>`.
  case forwardInterface
  /// `<portgroup>`.
  case portGroup
  /// `<host>` of `<dns>`: a name for an address.
  case dnsHost
  /// `<txt>` of `<dns>`.
  case dnsText
  /// `<srv>` of `<dns>`.
  case dnsService

  var number: UInt32 {
    switch self {
    case .dhcpHost: VIR_NETWORK_SECTION_IP_DHCP_HOST.rawValue
    case .dhcpRange: VIR_NETWORK_SECTION_IP_DHCP_RANGE.rawValue
    case .forwardInterface: VIR_NETWORK_SECTION_FORWARD_INTERFACE.rawValue
    case .portGroup: VIR_NETWORK_SECTION_PORTGROUP.rawValue
    case .dnsHost: VIR_NETWORK_SECTION_DNS_HOST.rawValue
    case .dnsText: VIR_NETWORK_SECTION_DNS_TXT.rawValue
    case .dnsService: VIR_NETWORK_SECTION_DNS_SRV.rawValue
    }
  }
}
