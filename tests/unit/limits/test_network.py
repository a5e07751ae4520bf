import ipaddress

from hypothesis import example, given
from hypothesis import strategies as st

from badge.limits import network

octets = st.integers(0, 300).map(str) | st.sampled_from(["00", "01", "", "1 ", "٣", "1\n"])


@given(st.lists(octets, min_size=3, max_size=5).map(".".join) | st.ip_addresses().map(str))
@example("192.0.2.9\n")
def test_a_network_is_what_the_standard_library_says(address: str) -> None:
    try:
        ip = ipaddress.ip_address(address)
        ip = getattr(ip, "ipv4_mapped", None) or ip
        expected = str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 48), strict=False))
    except ValueError:
        expected = "unknown"
    assert network(address) == expected
