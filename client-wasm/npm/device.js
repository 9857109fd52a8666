// A device that the pool is to remember, as the caller hands it over.
import { optional, readSignal, text } from './options.js';

export function readNewDevice(input) {
  const { accessToken, newDevice, name, signal } = input ?? {};
  const { deviceKey, deviceGroupKey } = newDevice ?? {};
  const [known] = optional('name', name);
  return {
    accessToken: text('accessToken', accessToken),
    newDevice: {
      deviceKey: text('newDevice.deviceKey', deviceKey),
      deviceGroupKey: text('newDevice.deviceGroupKey', deviceGroupKey),
    },
    name: known,
    signal: readSignal(signal),
  };
}
