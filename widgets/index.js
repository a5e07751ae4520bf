export { BlueHeartBadge } from './badge.js';
export { BlueHeartPledge } from './pledge.js';
