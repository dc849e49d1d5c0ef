namespace ProxyKit.Tests.Rules.Converters;

public sealed class MqttConvertersTests
{
    private const string Ns = Evaluation.NoSample;

    [Theory]
    [InlineData("bin(102400044d51545404c6003c00036162630003746f700004676f6e6500047573657200027077),mqtt_is_valid", "1")]
    [InlineData("bin(101000064d51497364700302000a00026964),mqtt_is_valid", "1")]
    [InlineData("bin(101e00044d5154540502000a0f110000000a2100142600016b00017600026964),mqtt_is_valid", "1")]
    [InlineData("bin(101000044d5154540502000a017f00026964),mqtt_is_valid", "0")]
    [InlineData("bin(100e00044d5154580402000a00026964),mqtt_is_valid", "0")]
    [InlineData("bin(100e00044d5154540602000a00026964),mqtt_is_valid", "0")]
    [InlineData("bin(100e00044d5154540403000a00026964),mqtt_is_valid", "0")]
    [InlineData("bin(100f00044d5154540402000a0002696478),mqtt_is_valid", "0")]
    [InlineData("bin(20020105),mqtt_is_valid", "1")]
    [InlineData("bin(2006010003210014),mqtt_is_valid", "1")]
    [InlineData("bin(200202ff),mqtt_is_valid", "0")]
    [InlineData("bin(3000),mqtt_is_valid", "0")]
    [InlineData("bin(1100),mqtt_is_valid", "0")]
    [InlineData("bin(102400044d51545404c6003c00036162630003746f700004676f6e65000475736572000270),mqtt_is_valid", Ns)]
    [InlineData("bin(10),mqtt_is_valid", Ns)]
    [InlineData("bin(10ffffffffff),mqtt_is_valid", "0")]
    [InlineData("bin(102400044d51545404c6003c00036162630003746f700004676f6e6500047573657200027077),mqtt_field_value(connect,flags)", "198")]
    [InlineData(
        "bin(102400044d51545404c6003c00036162630003746f700004676f6e6500047573657200027077),mqtt_field_value(connect,protocol_name)",
        "MQTT")]
    [InlineData(
        "bin(102400044d51545404c6003c00036162630003746f700004676f6e6500047573657200027077),mqtt_field_value(connect,Protocol_Version)",
        "4")]
    [InlineData(
        "bin(102400044d51545404c6003c00036162630003746f700004676f6e6500047573657200027077),mqtt_field_value(connect,client_identifier)",
        "abc")]
    [InlineData(
        "bin(102400044d51545404c6003c00036162630003746f700004676f6e6500047573657200027077),mqtt_field_value(connect,will_topic)",
        "top")]
    [InlineData(
        "bin(102400044d51545404c6003c00036162630003746f700004676f6e6500047573657200027077),mqtt_field_value(connect,will_payload)",
        "gone")]
    [InlineData(
        "bin(102400044d51545404c6003c00036162630003746f700004676f6e6500047573657200027077),mqtt_field_value(connect,username)",
        "user")]
    [InlineData(
        "bin(102400044d51545404c6003c00036162630003746f700004676f6e6500047573657200027077),mqtt_field_value(connect,password)",
        "pw")]
    [InlineData(
        "bin(102400044d51545404c6003c00036162630003746f700004676f6e6500047573657200027077),mqtt_field_value(connect,keepalive)",
        "60")]
    [InlineData("bin(102400044d51545404c6003c00036162630003746f700004676f6e6500047573657200027077),mqtt_field_value(connect,17)", Ns)]
    [InlineData("bin(101000064d51497364700302000a00026964),mqtt_field_value(1,username)", Ns)]
    [InlineData("bin(101000064d51497364700302000a00026964),mqtt_field_value(1,will_topic)", Ns)]
    [InlineData("bin(101e00044d5154540502000a0f110000000a2100142600016b00017600026964),mqtt_field_value(connect,17)", "10")]
    [InlineData("bin(101e00044d5154540502000a0f110000000a2100142600016b00017600026964),mqtt_field_value(connect,33)", "20")]
    [InlineData("bin(101e00044d5154540502000a0f110000000a2100142600016b00017600026964),mqtt_field_value(connect,38)", "v")]
    [InlineData("bin(101e00044d5154540502000a0f110000000a2100142600016b00017600026964),mqtt_field_value(connack,flags)", Ns)]
    [InlineData("bin(20020105),mqtt_field_value(connack,reason_code)", "5")]
    [InlineData("bin(20020105),mqtt_field_value(2,FLAGS)", "1")]
    [InlineData("bin(2006010003210014),mqtt_field_value(2,33)", "20")]
    [InlineData("bin(101000044d5154540502000a017f00026964),mqtt_field_value(connect,keepalive)", Ns)]
    public void Packet_is_taken_apart(string expression, string expected) => Assert.Equal(expected, Evaluation.Once(expression));

    [Theory]
    [InlineData("bin(00),mqtt_field_value(x,flags)", "invalid args in converter 'mqtt_field_value' : unknown or invalid MQTT packet type 'x'")]
    [InlineData("bin(00),mqtt_field_value(connack,username)", "invalid args in converter 'mqtt_field_value' : unknown or invalid MQTT field name 'username'")]
    public void Wrong_argument_is_a_fault(string expression, string fault) => Assert.Equal(fault, Evaluation.FaultOf(expression));
}
