// A device that the pool remembers, or is to remember, as the caller hands it over.
import { optional, text } from './given.js';

export function readNewDevice(input) {
  const { accessToken, newDevice, name } = input ?? {};
  const { deviceKey, deviceGroupKey } = newDevice ?? {};
  const [known] = optional('name', name);
  return {
    accessToken: text('accessToken', accessToken),
    newDevice: {
      deviceKey: text('newDevice.deviceKey', deviceKey),
      deviceGroupKey: text('newDevice.deviceGroupKey', deviceGroupKey),
    },
    name: known,
  };
}

// Its key, its group's and its password; nothing if there is none.
export function readDevice(device) {
  if (device === undefined) return [];
  const { deviceKey, deviceGroupKey, devicePassword } = device ?? {};
  return [
    text('device.deviceKey', deviceKey),
    text('device.deviceGroupKey', deviceGroupKey),
    text('device.devicePassword', devicePassword),
  ];
}
